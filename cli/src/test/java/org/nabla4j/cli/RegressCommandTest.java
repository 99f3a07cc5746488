package org.nabla4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nabla4j.cli.CommandLineRunner.Outcome;

class RegressCommandTest {

  @TempDir Path directory;

  private String file(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content).toString();
  }

  private static Outcome regress(String data, String formula, String... more) {
    List<String> line = new ArrayList<>(List.of("regress", "--data", data, "--formula", formula));
    line.addAll(Arrays.asList(more));
    return CommandLineRunner.run(line.toArray(String[]::new));
  }

  private static Map<String, Object> json(String data, String formula, String... more) {
    String[] all = Arrays.copyOf(more, more.length + 1);
    all[more.length] = "--json";
    Outcome outcome = regress(data, formula, all);
    assertEquals(0, outcome.code(), outcome.err());
    return CommandLineRunner.object(CommandLineRunner.json(outcome.out()));
  }

  private static double value(Map<String, Object> json, String coefficient, String field) {
    Map<String, Object> all = CommandLineRunner.object(json.get("coefficients"));
    return (Double) CommandLineRunner.object(all.get(coefficient)).get(field);
  }

  /** Weeds on plots, with a column of text and one whose name is no symbol. */
  private String plots() throws IOException {
    StringBuilder text = new StringBuilder("yield,weeds,soil type,field,kg\n");
    String[] soils = {"clay", "loam", "sand"};
    for (int k = 0; k < 30; k++) {
      double weeds = (k * 37 % 30) / 3.0;
      double yield = 20 - 0.7 * weeds + (k % 3) * 2 + ((k * 11) % 7 - 3) * 0.2;
      text.append(yield + "," + weeds + "," + soils[k % 3] + ",f" + k % 5 + "," + (1 + k % 4));
      text.append('\n');
    }
    return file("plots.csv", text.toString());
  }

  private String trials() throws IOException {
    StringBuilder text = new StringBuilder("cured,count,dose\n");
    for (int k = 0; k < 40; k++) {
      double dose = k / 4.0;
      int cured = (k * 7 + k * k) % 11 < dose ? 1 : 0;
      text.append(cured + "," + (k * 5 % 8 + k / 6) + "," + dose + "\n");
    }
    return file("trials.csv", text.toString());
  }

  @Test
  void reportsATable() throws IOException {
    Outcome outcome = regress(plots(), "yield ~ weeds + `soil type`");
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals("", outcome.err());
    for (String part : List.of("OLS Regression Results", "weeds", "C(`soil type`)[sand]")) {
      assertTrue(outcome.out().contains(part), outcome.out());
    }
  }

  /** R 4.2.2: summary(lm(yield ~ weeds + `soil type`, plots, weights = kg)). */
  @Test
  void numbersAreThoseOfR() throws IOException {
    Map<String, Object> json = json(plots(), "yield ~ . - field", "--weights", "kg");
    assertClose(20.0527229027, value(json, "(Intercept)", "value"));
    assertClose(0.190410685623, value(json, "(Intercept)", "standardError"));
    assertClose(-0.709982790785, value(json, "weeds", "value"));
    assertClose(0.0303689317654, value(json, "weeds", "standardError"));
    assertClose(2.01705684826, value(json, "C(`soil type`)[loam]", "value"));
    assertClose(0.192469894758, value(json, "C(`soil type`)[loam]", "standardError"));
    assertClose(3.95306483102, value(json, "C(`soil type`)[sand]", "value"));
    assertClose(0.188420315364, value(json, "C(`soil type`)[sand]", "standardError"));
    assertClose(0.666067956705, json.get("sigma"));
    assertClose(0.973920686744, json.get("rSquared"));
    assertClose(11.5348095967, json.get("deviance"));
    assertClose(-23.378589549, value(json, "weeds", "statistic"));
    assertEquals("gaussian", ((String) json.get("family")).toLowerCase(Locale.ROOT));
    assertEquals("cpu", json.get("backend"));
    assertEquals(true, json.get("converged"));
    assertEquals(30.0, json.get("rows"));
    assertTrue((Double) json.get("conditionNumber") >= 1);
    assertTrue(((String) json.get("method")).contains("normal equations"));
  }

  /** R 4.2.2: glm(cured ~ dose, binomial) and glm(count ~ dose, poisson(sqrt)). */
  @Test
  void familiesAndLinksAreThoseOfR() throws IOException {
    Map<String, Object> logistic = json(trials(), "cured ~ dose", "--family", "binomial");
    assertEquals("logit", logistic.get("link"));
    assertClose(-1.80352521379, value(logistic, "(Intercept)", "value"));
    assertClose(0.39680572239, value(logistic, "dose", "value"));
    assertClose(0.76041531539, value(logistic, "(Intercept)", "standardError"));
    assertClose(0.141413868597, value(logistic, "dose", "standardError"));
    assertClose(0.00501624458175, value(logistic, "dose", "p"));
    assertClose(45.2199942362, logistic.get("deviance"));
    Map<String, Object> roots =
        json(trials(), "count ~ dose", "--family", "poisson", "--link", "sqrt");
    assertClose(1.79150750712, value(roots, "(Intercept)", "value"));
    assertClose(0.142489531596, value(roots, "dose", "value"));
    assertClose(0.155194606394, value(roots, "(Intercept)", "standardError"));
    assertClose(0.0273946900539, value(roots, "dose", "standardError"));
    assertClose(42.2916226074, roots.get("deviance"));
  }

  /** sandwich::vcovHC by hand, HC1: n/(n-p) (X'X)⁻¹ X' diag(r²) X (X'X)⁻¹. */
  @Test
  void errorsAreRobust() throws IOException {
    Map<String, Object> plain = json(plots(), "yield ~ weeds");
    Map<String, Object> robust = json(plots(), "yield ~ weeds", "--robust", "HC1");
    Map<String, Object> clustered = json(plots(), "yield ~ weeds", "--clusters", "field");
    assertClose(0.123244254504, value(robust, "weeds", "standardError"));
    assertClose(0.116060034929, value(clustered, "weeds", "standardError"));
    assertEquals(value(plain, "weeds", "value"), value(robust, "weeds", "value"));
    assertEquals(value(plain, "weeds", "value"), value(clustered, "weeds", "value"));
    assertFalse(
        value(plain, "weeds", "standardError") == value(clustered, "weeds", "standardError"));
  }

  private static void assertClose(double expected, Object found) {
    assertEquals(expected, (Double) found, 1e-6 * Math.abs(expected));
  }

  @Test
  void severalResponsesAreListed() throws IOException {
    Map<String, Object> both = json(plots(), "cbind(yield, log(kg)) ~ weeds");
    List<?> fits = (List<?>) both.get("fits");
    assertEquals(2, fits.size());
    assertEquals("yield", CommandLineRunner.object(fits.get(0)).get("response"));
    assertEquals("log(kg)", CommandLineRunner.object(fits.get(1)).get("response"));
    Map<String, Object> alone = json(plots(), "yield ~ weeds");
    assertEquals(
        value(alone, "weeds", "value"),
        value(CommandLineRunner.object(fits.get(0)), "weeds", "value"),
        1e-12);
    Outcome text = regress(plots(), "cbind(yield, kg) ~ weeds");
    assertEquals(2, text.out().split("Regression Results", -1).length - 1, text.out());
    Outcome drawn = regress(plots(), "cbind(yield, kg) ~ weeds", "--predict", "p.csv");
    assertEquals(2, drawn.code());
    assertTrue(drawn.err().contains("--predict is for one response, but the formula has 2"));
  }

  @Test
  void penaltiesShrinkCoefficients() throws IOException {
    double plain = value(json(plots(), "yield ~ weeds"), "weeds", "value");
    double ridge = value(json(plots(), "yield ~ weeds", "--ridge", "50"), "weeds", "value");
    double lasso =
        value(json(plots(), "yield ~ weeds", "--elastic-net", "0.5:1"), "weeds", "value");
    assertTrue(Math.abs(ridge) < Math.abs(plain), ridge + " " + plain);
    assertTrue(Math.abs(lasso) < Math.abs(plain), lasso + " " + plain);
  }

  @Test
  void missingValuesAreRefusedOrLeftOut() throws IOException {
    String data = file("gaps.csv", "y,x\n1,1\n2,2\n,3\n4,NA\n5,5\n6.5,6\n");
    Outcome refused = regress(data, "y ~ x");
    assertEquals(2, refused.code());
    assertTrue(refused.err().contains("gaps.csv"), refused.err());
    assertFalse(refused.err().contains("internal error"), refused.err());
    Map<String, Object> json = json(data, "y ~ x", "--missing", "omit");
    assertEquals(4.0, json.get("rows"));
    assertEquals(2.0, json.get("omitted"));
    Path predicted = directory.resolve("p.csv");
    json(data, "y ~ x", "--missing", "omit", "--predict", predicted.toString());
    List<String> lines = Files.readAllLines(predicted);
    assertEquals(7, lines.size());
    assertTrue(
        lines.get(3).startsWith("3,3.088235294"), "a row without response is predicted: " + lines);
    assertEquals("4,,,,,,", lines.get(4));
  }

  @Test
  void predictionsAreWrittenForEachRow() throws IOException {
    Path predicted = directory.resolve("p.csv");
    Map<String, Object> json = json(plots(), "yield ~ weeds", "--predict", predicted.toString());
    assertEquals(predicted.toString(), json.get("predictions"));
    List<String> lines = Files.readAllLines(predicted);
    assertEquals(
        "row,predicted,standardError,lower,upper,predictionLower,predictionUpper", lines.get(0));
    assertEquals(31, lines.size());
    double[] first =
        Arrays.stream(lines.get(1).split(",")).mapToDouble(Double::parseDouble).toArray();
    assertArrayEquals(
        new double[] {1, value(json, "(Intercept)", "value")}, Arrays.copyOf(first, 2), 1e-12);
    assertTrue(first[5] < first[3] && first[3] < first[1]);
    json(trials(), "cured ~ dose", "--family", "binomial", "--predict", predicted.toString());
    assertEquals("row,predicted,standardError,lower,upper", Files.readAllLines(predicted).get(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"yield ~ weeds", "yield ~ weeds + weeds^2", "yield ~ .", "log(yield) ~ 1"})
  void plotsAreDrawn(String formula) throws IOException {
    Path plot = directory.resolve("fit.png");
    Outcome outcome = regress(plots(), formula, "--plot", plot.toString());
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().endsWith("plot " + plot + "\n"), outcome.out());
    BufferedImage image = ImageIO.read(plot.toFile());
    assertEquals(2400, image.getWidth());
    Path drawing = directory.resolve("fit.svg");
    assertEquals(0, regress(plots(), formula, "--plot", drawing.toString()).code());
    assertTrue(Files.readString(drawing).contains("<svg"));
  }

  @Test
  void penalisedAndGeneralisedFitsAreDrawnToo() throws IOException {
    Path plot = directory.resolve("fit.png");
    assertEquals(
        0,
        regress(trials(), "cured ~ dose", "--family", "binomial", "--plot", plot.toString())
            .code());
    Files.delete(plot);
    Outcome outcome =
        regress(plots(), "yield ~ weeds", "--elastic-net", "0.1:0.5", "--plot", plot.toString());
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(Files.exists(plot));
  }

  @Test
  void aSampleOfManyRowsIsDrawnAndFair() {
    RowSample sample = new RowSample(1000, 2);
    for (int i = 0; i < 200_000; i++) {
      sample.offer(i, i, -i);
    }
    assertEquals(1000, sample.size());
    double mean = Arrays.stream(sample.column(0)).average().orElse(0);
    assertEquals(100_000, mean, 4 * 200_000 / Math.sqrt(12 * 1000.0));
    assertEquals(1000, Arrays.stream(sample.rows()).distinct().count());
    for (int i = 0; i < 1000; i++) {
      assertEquals(sample.rows()[i], (long) sample.column(0)[i]);
      assertEquals(-sample.column(0)[i], sample.column(1)[i]);
    }
    RowSample few = new RowSample(10, 1);
    few.offer(7, 3.5);
    assertArrayEquals(new long[] {7}, few.rows());
    assertArrayEquals(new double[] {3.5}, few.column(0));
  }

  @Test
  void standardInputIsReadMoreThanOnce() throws IOException {
    InputStream before = System.in;
    try {
      System.setIn(new ByteArrayInputStream(Files.readAllBytes(Path.of(plots()))));
      Map<String, Object> json = json("-", "yield ~ weeds + `soil type`");
      assertEquals("-", json.get("data"));
      assertEquals(
          value(json(plots(), "yield ~ weeds + `soil type`"), "weeds", "value"),
          value(json, "weeds", "value"));
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void matricesHaveNames() throws IOException {
    String header = "{'descr': '<f8', 'fortran_order': False, 'shape': (5, 2), }";
    header = header + " ".repeat(117 - header.length()) + "\n";
    ByteBuffer bytes = ByteBuffer.allocate(10 + 118 + 80).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    bytes.put((byte) 1).put((byte) 0).putShort((short) 118);
    bytes.put(header.getBytes(StandardCharsets.US_ASCII));
    for (int k = 0; k < 5; k++) {
      bytes.putDouble(3 + 2 * k).putDouble(k);
    }
    Path npy = Files.write(directory.resolve("m.npy"), bytes.array());
    Map<String, Object> json = json(npy.toString(), "a ~ b", "--names", "a,b");
    assertEquals(2, value(json, "b", "value"), 1e-13);
    assertEquals(2, value(json(npy.toString(), "x1 ~ x2"), "x2", "value"), 1e-13);
    Outcome wrong = regress(plots(), "yield ~ weeds", "--names", "a,b");
    assertTrue(wrong.err().contains("--names is for a matrix"), wrong.err());
  }

  @Test
  void progressIsShownOverTheFile() throws IOException {
    StringBuilder text = new StringBuilder("y,x\n");
    for (int k = 0; k < 60_000; k++) {
      text.append(k % 7 + "," + k % 11 + "\n");
    }
    Outcome outcome = regress(file("long.csv", text.toString()), "y ~ x", "--progress");
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.err().contains("\rreading [#"), outcome.err());
    assertTrue(outcome.err().endsWith(" \r"), "the bar is wiped");
  }

  @Test
  void whatHasNoSolutionEndsWithOne() throws IOException {
    String data = file("apart.csv", "y,x\n0,1\n0,2\n0,3\n1,4\n1,5\n1,6\n");
    Path plot = directory.resolve("p.png");
    Outcome outcome =
        regress(data, "y ~ x", "--family", "binomial", "--json", "--plot", plot.toString());
    assertEquals(1, outcome.code(), outcome.err());
    Map<String, Object> json = CommandLineRunner.object(CommandLineRunner.json(outcome.out()));
    assertEquals("SEPARATED", json.get("status"));
    assertEquals(false, json.get("converged"));
    assertNull(json.get("plot"));
    assertFalse(Files.exists(plot));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "yield ~ rain | | has no column 'rain'",
        "yield ~ weeds + ( | | '(' is never closed",
        "yield = weeds | | a regression's formula has '~'",
        "yield ~ log(field) | | holds text, but a number is needed here",
        "yield ~ weeds | --family bernoulli | expected gaussian, binomial, poisson or gamma",
        "yield ~ weeds | --link logit | expected one of [identity, log]",
        "yield ~ weeds | --link nothing | expected identity or log or logit",
        "yield ~ weeds | --robust HC9 | expected hc0 or hc1 or hc2 or hc3",
        "yield ~ weeds | --missing maybe | expected refuse or omit",
        "yield ~ weeds | --accuracy most | expected auto or double",
        "yield ~ weeds | --elastic-net 3 | expected LAMBDA:L1",
        "yield ~ weeds | --elastic-net 1:2 | 2.0",
        "yield ~ weeds | --ridge -1 | lambda = -1.0",
        "yield ~ weeds | --weights log( | expected a number",
        "yield ~ weeds | --clusters plot | has no column 'plot'",
        "yield ~ weeds | --plot fit.bmp | has no known ending",
        "yield ~ weeds | --backend abacus | abacus",
        "yield ~ weeds | --family gamma --link logit | expected one of",
        "weeds ~ yield | --family gamma | expected y > 0",
      })
  void badInputEndsWithTwo(String formula, String options, String problem) throws IOException {
    String[] more = options == null ? new String[0] : options.strip().split(" ");
    Outcome outcome = regress(plots(), formula, more);
    assertEquals(2, outcome.code(), outcome.out());
    assertEquals("", outcome.out());
    assertTrue(outcome.err().contains(problem), outcome.err());
    assertFalse(outcome.err().contains("internal error"), outcome.err());
  }

  @Test
  void filesThatAreNotThereAreNamed() {
    Outcome outcome = regress(directory.resolve("none.csv").toString(), "y ~ x");
    assertEquals(2, outcome.code());
    assertTrue(outcome.err().contains("none.csv"), outcome.err());
    Outcome matrix = regress(directory.resolve("none.npy").toString(), "y ~ x");
    assertEquals(2, matrix.code());
    assertTrue(matrix.err().contains("none.npy"), matrix.err());
    assertFalse(matrix.err().contains("internal error"), matrix.err());
  }

  @Test
  void whatIsReadIsNotReplaced() throws IOException {
    String text = "y,x\n1,2\n2.5,3\n3.1,4\n";
    Path file = Files.writeString(directory.resolve("in.csv"), text);
    Path other = directory.resolve("..").resolve(directory.getFileName()).resolve("in.csv");
    for (String option : new String[] {"--predict", "--plot"}) {
      Outcome refused = regress(file.toString(), "y ~ x", option, other.toString());
      assertEquals(2, refused.code());
      assertTrue(refused.err().contains("is the file that is read"), refused.err());
    }
    assertEquals(text, Files.readString(file));
  }
}
