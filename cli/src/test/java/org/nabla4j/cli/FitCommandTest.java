package org.nabla4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nabla4j.cli.CommandLineRunner.Outcome;

class FitCommandTest {

  private static final String DECAY = "y = a*exp(-b*x) + c";

  @TempDir Path directory;

  private String file(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content).toString();
  }

  private static Outcome fit(String data, String formula, String... more) {
    List<String> line = new ArrayList<>(List.of("fit", "--data", data, "--formula", formula));
    line.addAll(Arrays.asList(more));
    if (!line.contains("--backend")) {
      line.addAll(List.of("--backend", "reference"));
    }
    return CommandLineRunner.run(line.toArray(String[]::new));
  }

  /** 2·exp(-0.5x) + 1 without noise, with spreads. */
  private String decay() throws IOException {
    StringBuilder text = new StringBuilder("x,y,s,w,note\n");
    for (int k = 0; k < 12; k++) {
      double x = 0.5 * k;
      double y = 2 * Math.exp(-0.5 * x) + 1 + (k % 2 == 0 ? 0.01 : -0.01);
      text.append(x + "," + y + "," + 0.02 + "," + 2500 + ",row " + k + "\n");
    }
    return file("decay.csv", text.toString());
  }

  private static double value(Map<String, Object> json, String parameter, String field) {
    Map<String, Object> parameters = CommandLineRunner.object(json.get("parameters"));
    return (Double) CommandLineRunner.object(parameters.get(parameter)).get(field);
  }

  @Test
  void reportsOneFit() throws IOException {
    Outcome outcome = fit(decay(), DECAY, "--start", "a=1,b=1", "--start", "c=0");
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals("", outcome.err());
    assertTrue(outcome.out().startsWith("y = a*exp(-b*x) + c\nconverged: "), outcome.out());
    assertTrue(outcome.out().contains("12 points, 3 free parameters"), outcome.out());
    assertTrue(outcome.out().contains("backend reference (interpreted)"), outcome.out());
  }

  /** The certified values are NIST's; everything else is the same in every run. */
  @Test
  void jsonOfThurberIsTheGoldenOne() throws IOException {
    String data;
    try (InputStream stream = FitCommandTest.class.getResourceAsStream("thurber.csv")) {
      data = file("thurber.csv", new String(stream.readAllBytes(), StandardCharsets.UTF_8));
    }
    Outcome outcome =
        fit(
            data,
            "y = (b1 + b2*x + b3*x^2 + b4*x^3) / (1 + b5*x + b6*x^2 + b7*x^3)",
            "--start",
            "b1=1000,b2=1000,b3=400,b4=40,b5=0.7,b6=0.3,b7=0.03",
            "--json");
    assertEquals(0, outcome.code(), outcome.err());
    Map<String, Object> json = outcome.json();
    String golden;
    try (InputStream stream = FitCommandTest.class.getResourceAsStream("thurber.json")) {
      golden = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertEquals(data, json.put("data", "thurber.csv"));
    assertSame("", CommandLineRunner.json(golden), json);
    double[] certified = {
      1288.13968,
      1491.0792535,
      583.23836877,
      75.416644291,
      0.96629502864,
      0.39797285797,
      0.049727297349
    };
    for (int j = 0; j < certified.length; j++) {
      assertEquals(certified[j], value(json, "b" + (j + 1), "value"), 1e-7 * certified[j]);
    }
  }

  /** Equal but for rounding in numbers. */
  private static void assertSame(String path, Object expected, Object actual) {
    if (expected instanceof Map) {
      Map<String, Object> wanted = CommandLineRunner.object(expected);
      Map<String, Object> got = CommandLineRunner.object(actual);
      assertEquals(List.copyOf(wanted.keySet()), List.copyOf(got.keySet()), path);
      wanted.forEach((name, value) -> assertSame(path + "." + name, value, got.get(name)));
    } else if (expected instanceof List<?> wanted) {
      List<?> got = (List<?>) actual;
      assertEquals(wanted.size(), got.size(), path);
      for (int k = 0; k < wanted.size(); k++) {
        assertSame(path + "[" + k + "]", wanted.get(k), got.get(k));
      }
    } else if (expected instanceof Double wanted) {
      assertEquals(wanted, (Double) actual, 1e-7 * Math.abs(wanted), path);
    } else {
      assertEquals(expected, actual, path);
    }
  }

  @Test
  void jsonOfAnExactFitHasNullForWhatIsNoNumber() throws IOException {
    String data = file("exact.csv", "x,y\n0,1\n1,2\n");
    Outcome outcome = fit(data, "y = a + b*x", "--start", "a=0,b=0", "--json");
    assertFalse(outcome.out().contains("NaN"), outcome.out());
    Map<String, Object> json = outcome.json();
    assertTrue(json.containsKey("reducedChiSquared"));
    assertNull(json.get("reducedChiSquared"));
    assertNull(json.get("pValue"));
    assertEquals(0.0, json.get("degreesOfFreedom"));
  }

  @Test
  void sigmaAndWeightsDescribeTheSame() throws IOException {
    String data = decay();
    String[] start = {"--start", "a=1,b=1,c=0", "--json"};
    Map<String, Object> sigma = fit(data, DECAY, with(start, "--sigma", "s")).json();
    Map<String, Object> weights =
        fit(data, DECAY, with(start, "--weights", "w", "--sigma-kind", "absolute")).json();
    assertTrue((Double) sigma.get("pValue") > 0.5);
    assertEquals((Double) sigma.get("chiSquared"), (Double) weights.get("chiSquared"), 1e-9);
    Map<String, Object> relative =
        fit(data, DECAY, with(start, "--sigma", "s", "--sigma-kind", "relative")).json();
    assertNull(relative.get("pValue"));
    double scale = Math.sqrt((Double) sigma.get("reducedChiSquared"));
    assertEquals(
        value(sigma, "a", "standardError") * scale, value(relative, "a", "standardError"), 1e-9);
  }

  private static String[] with(String[] first, String... more) {
    List<String> all = new ArrayList<>(Arrays.asList(first));
    all.addAll(Arrays.asList(more));
    return all.toArray(String[]::new);
  }

  @Test
  void fixedParametersStay() throws IOException {
    String data = decay();
    Map<String, Object> given =
        fit(data, DECAY, "--start", "a=1,b=1", "--fix", "c=1", "--json").json();
    assertEquals(1.0, value(given, "c", "value"));
    assertEquals(0.0, value(given, "c", "standardError"));
    assertEquals(10.0, given.get("degreesOfFreedom"));
    Map<String, Object> started =
        fit(data, DECAY, "--start", "a=1,b=1,c=1", "--fix", "c", "--json").json();
    assertEquals(given, started);
  }

  @Test
  void guessesStartValuesAndTakesThoseGiven() throws IOException {
    Map<String, Object> json = fit(decay(), DECAY, "--guess", "exponential", "--json").json();
    assertEquals(2, value(json, "a", "value"), 0.1);
    Map<String, Object> named =
        fit(
                decay(),
                "y = base + height*exp(-rate*x)",
                "--guess",
                "exponential:height,rate,base",
                "--json")
            .json();
    assertEquals(value(json, "b", "value"), value(named, "rate", "value"), 1e-8);
  }

  @Test
  void responseMayBeAnExpressionAndColumnsHaveOtherNames() throws IOException {
    String data = file("t.csv", "time [s];rate\n0;1\n1;2.7\n2;7.4\n3;20\n");
    Outcome outcome =
        fit(data, "log(rate) = a + b*t", "--column", "t=time [s]", "--start", "a=0,b=0", "--json");
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals(1, value(outcome.json(), "b", "value"), 0.02);
  }

  @Test
  void formulaWithoutResponseMeansY() throws IOException {
    Outcome outcome = fit(decay(), "a*exp(-b*x) + c", "--start", "a=1,b=1,c=0");
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().startsWith("y = a*exp"), outcome.out());
  }

  @Test
  void missingValuesAreRefusedOrLeftOut() throws IOException {
    String data = file("m.csv", "x,y\n0,1\n1,\n2,3\nNA,9\n3,4.5\n4,nan\n5,6\n");
    Outcome refused = fit(data, "y = a + b*x", "--start", "a=0,b=0");
    assertEquals(2, refused.code());
    assertTrue(refused.err().contains("m.csv, line 3, column y: no value\n"), refused.err());
    Outcome omitted = fit(data, "y = a + b*x", "--start", "a=0,b=0", "--missing", "omit", "--json");
    assertEquals(0, omitted.code(), omitted.err());
    assertEquals(4.0, omitted.json().get("points"));
  }

  @Test
  void aFitThatDoesNotConvergeEndsWithOne() throws IOException {
    Outcome outcome =
        fit(decay(), DECAY, "--start", "a=1,b=1,c=0", "--max-evaluations", "2", "--json");
    assertEquals(1, outcome.code());
    assertEquals("ITERATION_LIMIT", outcome.json().get("status"));
    assertEquals(false, outcome.json().get("converged"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"y = a*exp(-b*x) + c", "y = a*exp(-b*x) + c + d*s", "y = c"})
  void drawsFits(String formula) throws IOException {
    Path plot = directory.resolve("plot.png");
    String data = decay();
    Outcome outcome =
        fit(
            data,
            formula,
            "--start",
            formula.contains("d*s") ? "a=1,b=1,c=0" : formula.contains("a") ? "a=1,b=1,c=0" : "c=0",
            formula.contains("d*s") ? "--fix" : "--threads",
            formula.contains("d*s") ? "d=0" : "1",
            "--sigma",
            "s",
            "--plot",
            plot.toString());
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().endsWith("plot " + plot + "\n"), outcome.out());
    BufferedImage image = ImageIO.read(plot.toFile());
    assertEquals(1800, image.getWidth());
    assertTrue(colours(image) > 20, "blank image");
    try (var files = Files.list(directory)) {
      assertEquals(2, files.count());
    }
  }

  private static long colours(BufferedImage image) {
    int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, 1800);
    return Arrays.stream(pixels).distinct().count();
  }

  @Test
  void drawsJpegToo() throws IOException {
    Path plot = directory.resolve("plot.jpg");
    Outcome outcome =
        fit(decay(), DECAY, "--start", "a=1,b=1,c=0", "--plot", plot.toString(), "--json");
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals(plot.toString(), outcome.json().get("plot"));
    assertEquals(1400, ImageIO.read(plot.toFile()).getHeight());
  }

  @Test
  void progressIsShownWhereForced() throws IOException {
    Outcome outcome = fit(decay(), DECAY, "--start", "a=1,b=1,c=0", "--progress");
    assertTrue(outcome.err().contains("\rreading ["), outcome.err());
    assertTrue(outcome.err().contains("\rfitting [##"), outcome.err());
    assertTrue(outcome.err().endsWith(" \r"), outcome.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --start a=1,b            | --start has 'b', expected NAME=VALUE
          --start a=1,a=2          | --start gives a twice
          --start a=one            | --start gives a = 'one', expected a finite number
          --start a=0x10           | --start gives a = '0x10', expected a finite number
          --start q=1              | --start names q, which is no parameter of the formula
          --start x=1              | --start names x, which is a column of
          --start a=1,b=1          | no start value for c
          --bounds a=5             | --bounds has 'a=5', expected NAME=LOWER:UPPER
          --bounds a=:             | --bounds has 'a=:', expected NAME=LOWER:UPPER
          --bounds a=2:1           | --bounds has 'a=2:1', expected lower < upper
          --bounds q=0:1           | --bounds names q, which is no parameter
          --fix q                  | --fix names q, which is no parameter
          --fix a=                 | --fix has 'a=', expected NAME=VALUE
          --loss huber             | --loss 'huber', expected a delta > 0
          --loss huber:-1          | --loss 'huber:-1', expected a delta > 0
          --loss linear:1          | --loss 'linear:1' has a delta
          --loss l3                | --loss 'l3', expected linear, huber:DELTA
          --guess square           | --guess 'square', expected exponential
          --guess gaussian         | --guess gaussian is for 4 parameters, got a, b, c
          --guess power-law:a,q    | --guess names q
          --sigma t                | --sigma: there is no column 't'
          --sigma S                | did you mean s?
          --sigma note             | line 2, column note: 'row 0', expected a number
          --weights t              | --weights: there is no column 't'
          --sigma s --weights w    | --sigma and --weights are both given
          --sigma-kind absolute    | --sigma-kind absolute without --sigma or --weights
          --sigma s --sigma-kind x | --sigma-kind x, expected absolute or relative
          --missing drop           | --missing drop, expected refuse or omit
          --precision half         | --precision half, expected single or double
          --kernel gpu             | --kernel gpu, expected auto or vector or scalar
          --threads 0              | --threads 0, expected > 0
          --threads two            | Invalid value for option '--threads'
          --max-evaluations 0      | --max-evaluations 0, expected > 0
          --tolerance 2            | tolerance = 2.0, expected 0 <= tolerance < 1
          --delimiter ab           | --delimiter 'ab', expected one character
          --column u=x             | --column names u, expected a symbol of the formula
          --column x=t             | --column x: there is no column 't'
          --group t                | --group: there is no column 't'
          --group x                | --group x is also used as numbers
          --out fits.csv           | --out fits.csv without --group
          --plot curve.eps         | --plot curve.eps has no known ending, expected .png, .jpg, .svg or .pdf
          --plot none/curve.png    | there is no directory
          --group note --plot a.png | draws one fit, expected no --group
          --backend abacus         | abacus cannot run: no beads found. Buy some beads
          --backend gpu            | backend gpu is not on the class path
          --fix a=1,b=1,c=1        | every parameter is fixed
          """)
  void badOptionsAreExplained(String options, String message) throws IOException {
    List<String> line = new ArrayList<>(Arrays.asList(options.split(" ")));
    if (!options.startsWith("--start") && !options.startsWith("--guess")) {
      line.addAll(List.of("--start", "a=1,b=1,c=1"));
    }
    Outcome outcome = fit(decay(), DECAY, line.toArray(String[]::new));
    assertEquals(2, outcome.code(), outcome.out());
    assertEquals("", outcome.out());
    assertTrue(outcome.err().startsWith("nabla4j: "), outcome.err());
    assertTrue(outcome.err().contains(message), outcome.err());
    assertFalse(outcome.err().contains("\tat "), outcome.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          y = a*epx(x)   | unknown function 'epx', did you mean 'exp'?
          y = a*(x       | y = a*(x
          y == a*x       | the response is named by one '='
          z = a*x        | the response of the formula: there is no column 'z'
          y = x          | has no parameter: every symbol is a column
          """)
  void badFormulasAreExplained(String formula, String message) throws IOException {
    Outcome outcome = fit(decay(), formula, "--start", "a=1");
    assertEquals(2, outcome.code());
    assertTrue(outcome.err().contains(message), outcome.err());
  }

  /** One sentence, exit code 2, and no file but the input. */
  private void assertRefused(String message, Outcome outcome) throws IOException {
    assertEquals(2, outcome.code(), outcome.out());
    assertEquals("", outcome.out());
    assertTrue(outcome.err().startsWith("nabla4j: "), outcome.err());
    assertTrue(outcome.err().contains(message), outcome.err());
    assertFalse(outcome.err().contains("\tat "), outcome.err());
    try (var files = Files.list(directory)) {
      assertTrue(files.count() <= 1, "a file was left behind");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                  | in.csv is empty, expected a line with the columns' names
          '/'                 | in.csv is empty, expected a line with the columns' names
          'x,y/'              | in.csv has no data below the header
          '1,2/3,4/'          | in.csv, line 1: only numbers, expected the columns' names
          'x,y/1,2/'          | in.csv has 1 row, expected at least 2, one for each free parameter (a, b)
          'x,y/1,2/2,abc/3,4' | in.csv, line 3, column y: 'abc', expected a number
          'x,y/1,2/2,inf/3,4' | in.csv, line 3, column y: 'inf', expected a number
          'x,y/1,2/2,1e999/3,4' | in.csv, line 3, column y: '1e999', expected a finite double
          'x,y/1,2/2/3,4'     | in.csv, line 3: 1 field, expected 2 as in the header
          'x,x,y/1,2,3/2,3,4' | the name 'x' stands over columns 1 and 2, expected it once
          'u,y/1,2/2,3/3,4'   | no start value for x
          'x,z/1,2/2,3/3,4'   | the response of the formula: there is no column 'y'
          'x,y/1,"2/2,3/3,4'  | a quote that is opened must be closed
          """)
  void badFilesAreExplained(String content, String message) throws IOException {
    String data = file("in.csv", content.replace('/', '\n'));
    String plot = directory.resolve("plot.png").toString();
    assertRefused(message, fit(data, "y = a + b*x", "--start", "a=1,b=1", "--plot", plot));
  }

  @Test
  void columnsThatAreNotToldApartAreShown() throws IOException {
    String data = file("blanks.csv", "x y\n1 2\n2 4\n3 6.1\n");
    Outcome outcome = fit(data, "y = a*x", "--start", "a=1");
    assertRefused("there is no column 'y'", outcome);
    assertTrue(
        outcome
            .err()
            .contains(
                "the table has one column, named 'x y'; fields are apart by comma, semicolon or"
                    + " tab, --delimiter names another sign, such as --delimiter ' '"),
        outcome.err());
    assertEquals(0, fit(data, "y = a*x", "--start", "a=1", "--delimiter", " ").code());
  }

  @Test
  void symbolsThatAreAlmostAColumn() throws IOException {
    String data = file("t.csv", "Time [s],Count\n0,1\n1,2.7\n2,7.4\n");
    Outcome outcome = fit(data, "Count = a*time", "--start", "a=1");
    assertRefused("no start value for time", outcome);
    assertTrue(
        outcome
            .err()
            .contains(
                "; the columns are Time [s], Count; --column time=\"Time [s]\" makes time that"
                    + " column\n"),
        outcome.err());
    Outcome response = fit(data, "count = a*time", "--start", "a=1,time=1");
    assertRefused("there is no column 'count'", response);
    assertTrue(
        response.err().contains("Time [s], Count; --column count=\"Count\" makes count that"),
        response.err());
    Outcome far = fit(data, "Count = a*zeit", "--start", "a=1");
    assertTrue(far.err().contains("; the columns are Time [s], Count\n"), far.err());
  }

  @Test
  void decimalCommas() throws IOException {
    for (String separator : List.of(";", "\t")) {
      String data = file("d.csv", "x;y\n1,5;3,1\n2;-4\n-3,25e0;6,5\n".replace(";", separator));
      Outcome outcome = fit(data, "y = a*x", "--start", "a=1", "--decimal-comma", "--json");
      assertEquals(0, outcome.code(), outcome.err());
      double sum = 1.5 * 3.1 - 2 * 4 - 3.25 * 6.5;
      assertEquals(sum / (1.5 * 1.5 + 4 + 3.25 * 3.25), value(outcome.json(), "a", "value"), 1e-9);
      Outcome without = fit(data, "y = a*x", "--start", "a=1", "--delimiter", separator);
      assertRefused("line 2, column x: '1,5', expected a number", without);
      assertTrue(without.err().contains("--decimal-comma reads 1,5"), without.err());
    }
    assertRefused(
        "line 3, column y: '4.1', expected a number",
        fit(file("d.csv", "x;y\n1;2\n2;4.1\n"), "y = a*x", "--start", "a=1", "--decimal-comma"));
    String points = file("d.csv", "x,y\n1,2\n");
    assertRefused(
        "--decimal-comma with --delimiter ','",
        fit(points, "y = a*x", "--start", "a=1", "--decimal-comma", "--delimiter", ","));
    Outcome commas = fit(points, "y = a*x", "--start", "a=1", "--decimal-comma");
    assertTrue(commas.err().contains("fields are apart by semicolon or tab"), commas.err());
  }

  @Test
  void fewRowsAfterMissingOnesAndWithFixedParameters() throws IOException {
    String data = file("in.csv", "x,y\n1,2\n2,NA\n");
    assertRefused(
        "in.csv has 1 row without missing values, expected at least 2",
        fit(data, "y = a + b*x", "--start", "a=1,b=1", "--missing", "omit"));
    Outcome fixed =
        fit(data, "y = a + b*x", "--start", "a=1", "--fix", "b=1", "--missing", "omit", "--json");
    assertEquals(0, fixed.code(), fixed.err());
    assertEquals(1, value(fixed.json(), "a", "value"), 1e-8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none.csv", "", ".", "in.csv/deeper.csv"})
  void filesThatCannotBeRead(String name) throws IOException {
    file("in.csv", "x,y\n1,2\n");
    String data = name.length() > 1 ? directory.resolve(name).toString() : name;
    assertRefused("", fit(data, "y = a*x", "--start", "a=1"));
  }

  @Test
  void outputsThatCannotBeWritten() throws IOException {
    String data = file("in.csv", "x,y,g\n1,2,u\n2,4.1,u\n3,6,u\n");
    assertRefused(
        "there is no directory",
        fit(data, "y = a*x", "--start", "a=1", "--group", "g", "--out", data + "/fits.csv"));
    assertRefused(
        "is a directory, expected a file",
        fit(data, "y = a*x", "--start", "a=1", "--group", "g", "--out", directory.toString()));
    assertRefused(
        "there is no directory",
        fit(data, "y = a*x", "--start", "a=1", "--plot", data + "/plot.png"));
  }

  @Test
  void oneGroupIsABatchOfOne() throws IOException {
    String data = file("in.csv", "x,y,g\n1,2,u\n2,4.1,u\n3,6,u\n");
    Path out = directory.resolve("fits.csv");
    Outcome outcome =
        fit(data, "y = a*x", "--start", "a=1", "--group", "g", "--out", out.toString());
    assertEquals(0, outcome.code(), outcome.err());
    List<String> lines = Files.readAllLines(out);
    assertEquals(2, lines.size());
    assertTrue(lines.get(1).startsWith("u,2.01428571"), lines.get(1));
  }

  @Test
  void whatAFileHoldsCannotSteerTheTerminal() throws IOException {
    String data = file("esc.csv", "\u001b[31mx,\u0007,q" + ",c".repeat(50) + "\n1,2\n");
    Outcome outcome = fit(data, "y = a*x", "--start", "a=1");
    assertEquals(2, outcome.code());
    assertTrue(outcome.err().contains("the columns are ?[31mx, ?, q, c"), outcome.err());
    assertFalse(outcome.err().contains("\u001b"), outcome.err());
    assertTrue(outcome.err().length() < 300, outcome.err());
  }

  @Test
  void aFitWithoutResidualsIsNotDrawn() throws IOException {
    Path plot = directory.resolve("plot.png");
    String data = file("positive.csv", "x,y\n1,1\n2,2\n3,3\n");
    Outcome outcome =
        fit(data, "y = a*log(-x)", "--start", "a=1", "--plot", plot.toString(), "--json");
    assertEquals(1, outcome.code(), outcome.err());
    assertEquals("nabla4j: no plot, since the fit has no finite residual\n", outcome.err());
    assertEquals("NON_FINITE", outcome.json().get("status"));
    assertFalse(outcome.json().containsKey("plot"));
    assertFalse(Files.exists(plot));
  }
}
