package org.nabla4j.cpu.codegen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nabla4j.cpu.codegen.EvaluationCode.Layout;
import org.nabla4j.cpu.codegen.Target.Flavour;
import org.nabla4j.cpu.codegen.Target.Precision;
import org.nabla4j.expression.Formula;
import org.nabla4j.program.LeastSquaresProgram;
import org.nabla4j.program.ProgramCompiler;
import org.nabla4j.program.ProgramInputs;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.util.Textifier;
import org.objectweb.asm.util.TraceClassVisitor;

/** The bytecode of a kernel, so that a change of what is generated is seen and meant. */
class GoldenKernelTest {

  private static final String UPDATE = "nabla4j.golden.update";
  private static final String FORMULA = "a*exp(-b*x) + c";

  private record Golden(String file, Target target) {}

  static Stream<Golden> goldens() {
    return Stream.of(
        new Golden("decay-vector-8-double-fma.txt", vector()),
        new Golden("decay-scalar-double-fma.txt", Target.scalar(Precision.DOUBLE, true)));
  }

  private static Target vector() {
    return new Target(Flavour.VECTOR, Precision.DOUBLE, 8, true);
  }

  private static String text(Target target) {
    LeastSquaresProgram program =
        LeastSquaresProgram.of(
            Formula.parse(FORMULA + " - y").expression(),
            new ProgramInputs(List.of("a", "b", "c"), List.of(), List.of("x"), List.of("y")),
            null,
            ProgramCompiler.Options.defaults().withFma(target.fma()));
    byte[] bytes = new EvaluationCode(program, target, Layout.BATCH).generate().bytes();
    StringWriter text = new StringWriter();
    text.write("// kernel of y = " + FORMULA + ", " + target + "\n");
    new ClassReader(bytes)
        .accept(new TraceClassVisitor(null, new Textifier(), new PrintWriter(text)), 0);
    return text.toString().replace("\r\n", "\n");
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void bytecodeIsAsRecorded(Golden golden) throws IOException {
    String actual = text(golden.target());
    assertEquals(actual, text(golden.target()), "the same text every time");
    String resource = "golden/" + golden.file();
    if (Boolean.getBoolean(UPDATE)) {
      Path file =
          Path.of("src/test/resources/org/nabla4j/cpu/codegen").resolve(resource).toAbsolutePath();
      Files.writeString(file, actual);
      fail("wrote " + file + "; read the difference, then run without " + UPDATE);
    }
    try (InputStream in = GoldenKernelTest.class.getResourceAsStream(resource)) {
      assertNotNull(in, resource + " is missing: run with -D" + UPDATE + "=true");
      String expected = new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
      assertEquals(
          expected,
          actual,
          resource + " differs; if that is meant, run with -D" + UPDATE + "=true");
    }
  }
}
