package org.nabla4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nabla4j.CurveFit;
import org.nabla4j.regression.BatchRegression;
import org.nabla4j.regression.RegressionFit;
import org.nabla4j.result.BatchFit;
import org.nabla4j.result.FitResult;
import org.nabla4j.result.Minima;
import org.nabla4j.result.Minimum;
import org.nabla4j.result.Root;

/** The Java of the read-me, pasted together, is a program that runs. */
class ReadmeTest {

  private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @TempDir Path directory;

  private static Path readme() {
    Path here = Path.of("README.md").toAbsolutePath();
    return Files.exists(here) ? here : here.getParent().resolveSibling("README.md");
  }

  private Path program() throws IOException {
    StringBuilder imports = new StringBuilder();
    StringBuilder body = new StringBuilder();
    Matcher snippets = SNIPPET.matcher(Files.readString(readme()));
    int count = 0;
    while (snippets.find()) {
      count++;
      snippets
          .group(1)
          .lines()
          .forEach(line -> (line.startsWith("import ") ? imports : body).append(line).append('\n'));
    }
    assertTrue(count >= 3, "only " + count + " snippets");
    return Files.writeString(
        directory.resolve("Readme.java"),
        imports
            + "public class Readme {\n  public static Object[] run() {\n"
            + body
            + "return new Object[] {fit, fits, robust, same, valley, nearest, price, minima, lowest, root,"
            + " crossing, doubt, line, slopes, slopeError};\n  }\n}\n");
  }

  @Test
  void snippetsCompileAndRun() throws Exception {
    String classes =
        Path.of(CurveFit.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            + File.pathSeparator
            + System.getProperty("java.class.path");
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter complaints = new StringWriter();
    boolean compiled =
        compiler
            .getTask(
                complaints,
                null,
                null,
                List.of("-cp", classes, "-d", directory.toString(), "-proc:none"),
                null,
                compiler
                    .getStandardFileManager(null, null, null)
                    .getJavaFileObjects(program().toFile()))
            .call();
    assertTrue(compiled, complaints.toString());
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {directory.toUri().toURL()}, getClass().getClassLoader())) {
      Object[] results = (Object[]) loader.loadClass("Readme").getMethod("run").invoke(null);
      assertTrue(((FitResult) results[0]).converged());
      BatchFit fits = (BatchFit) results[1];
      assertEquals(fits.problems(), fits.convergedCount());
      assertTrue(((FitResult) results[2]).converged());
      assertTrue(((FitResult) results[3]).converged());
      assertEquals(1, ((Minimum) results[4]).parameter("x2"), 1e-6);
      assertTrue(((Minimum) results[5]).converged());
      assertEquals(1.6, (Double) results[6], 1e-6);
      assertEquals(4, ((Minima) results[7]).basins().size());
      assertTrue(((Minima.Basin) results[8]).count() > 1);
      double root = (Double) results[9];
      assertEquals(3, root * Math.exp(root), 1e-12);
      assertTrue(((Root) results[10]).converged());
      assertTrue((Double) results[11] < 1e-14);
      assertTrue(((RegressionFit) results[12]).status().converged());
      assertEquals(2, ((BatchRegression) results[13]).problems());
      assertTrue((Double) results[14] > 0);
    }
  }
}
