package org.nabla4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
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

class MinimizeCommandTest {

  private static final String VALLEY = "100*(x2-x1^2)^2 + (1-x1)^2";

  @TempDir Path directory;

  private static Outcome minimize(String formula, String... more) {
    List<String> line = new ArrayList<>(List.of("minimize", "--formula", formula));
    line.addAll(Arrays.asList(more));
    return CommandLineRunner.run(line.toArray(String[]::new));
  }

  private static Map<String, Object> json(int code, String formula, String... more) {
    String[] line = Arrays.copyOf(more, more.length + 1);
    line[more.length] = "--json";
    Outcome outcome = minimize(formula, line);
    assertEquals(code, outcome.code(), outcome.err() + outcome.out());
    return outcome.json();
  }

  private static double parameter(Map<String, Object> json, String name) {
    return (Double) CommandLineRunner.object(json.get("parameters")).get(name);
  }

  private static void assertRefused(Outcome outcome, String... words) {
    assertEquals(2, outcome.code(), outcome.out() + outcome.err());
    assertEquals("", outcome.out());
    assertTrue(outcome.err().startsWith("nabla4j: "), outcome.err());
    for (String word : words) {
      assertTrue(outcome.err().contains(word), outcome.err());
    }
  }

  private String file(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content).toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "newton",
        "newton-cg",
        "bfgs",
        "lbfgs",
        "conjugate-gradient",
        "gradient-descent",
        "nelder-mead",
        "sqp",
        "augmented-lagrangian"
      })
  void everyMethodFindsTheMinimum(String method) {
    Map<String, Object> json =
        json(
            0,
            "(x1-3)^2 + 2*(x2+1)^2 + x1*x2/2",
            "--start",
            "x1=-1.2,x2=1",
            "--method",
            method,
            "--max-iterations",
            "5000");
    // 2(x1-3) + x2/2 = 0 and 4(x2+1) + x1/2 = 0.
    assertEquals(3.3548387097, parameter(json, "x1"), 1e-4);
    assertEquals(-1.4193548387, parameter(json, "x2"), 1e-4);
    assertEquals(true, json.get("converged"));
    assertEquals("cpu", json.get("backend"));
    assertTrue((Double) json.get("iterations") > 0);
    assertTrue((Double) json.get("evaluations") > 0);
  }

  @Test
  void reportsForPeople() {
    Outcome outcome = minimize(VALLEY, "--start", "x1=-1.2,x2=1");
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals("", outcome.err());
    assertTrue(outcome.out().startsWith("minimise 100*(x2 - x1^2)^2 + "), outcome.out());
    assertTrue(outcome.out().contains("\nconverged: relative gradient "), outcome.out());
    assertTrue(outcome.out().contains("backend cpu"), outcome.out());
    assertFalse(outcome.out().contains("multipliers"), outcome.out());
  }

  @Test
  void jsonHasEverything() {
    Map<String, Object> json = json(0, VALLEY, "--start", "x1=-1.2,x2=1");
    assertEquals(VALLEY, json.get("formula"));
    assertEquals(0, (Double) json.get("minimum"), 1e-10);
    assertEquals(1, parameter(json, "x1"), 1e-5);
    assertEquals(1, parameter(json, "x2"), 1e-5);
    assertEquals(List.of(), json.get("subjectTo"));
    assertEquals(List.of(), json.get("multipliers"));
    assertEquals(Map.of("x1", 0.0, "x2", 0.0), json.get("boundMultipliers"));
    assertTrue((Double) json.get("gradientNorm") < 1e-4);
    assertEquals("CONVERGED_GRADIENT", json.get("status"));
    assertTrue(((String) json.get("method")).startsWith("Newton"), json.toString());
    assertNull(json.get("plot"));
    assertNull(json.get("minima"));
  }

  /** ∇f = Σ multiplier·∇g, in the order of the options. */
  @Test
  void multipliersComeInTheOrderOfTheOptions() {
    String[] options = {
      "--start", "x=3,y=1", "--subject-to", "x*y >= 1", "--subject-to", "x + 2*y = 4"
    };
    Map<String, Object> json = json(0, "x^2 + y^2", options);
    assertEquals(3.2, (Double) json.get("minimum"), 1e-8);
    assertEquals(0.8, parameter(json, "x"), 1e-7);
    assertEquals(List.of("x*y >= 1", "x + 2*y = 4"), json.get("subjectTo"));
    List<?> multipliers = (List<?>) json.get("multipliers");
    assertEquals(0, (Double) multipliers.get(0), 1e-8);
    assertEquals(1.6, (Double) multipliers.get(1), 1e-7);
    String text = minimize("x^2 + y^2", options).out();
    assertTrue(text.contains("\n  x*y >= 1: not active; "), text);
    assertTrue(
        text.contains(
            "\n  x + 2*y = 4: with a right side larger by a small e, the minimum rises by"
                + " 1.600*e\n"),
        text);
  }

  /** What the report says about a multiplier is what happens. */
  @Test
  void looseningDoesWhatTheMultiplierSays() {
    String[] start = {"--start", "x=0.5,y=0.5", "--subject-to"};
    String formula = "(x-2)^2 + (y-1)^2";
    Map<String, Object> json = json(0, formula, start[0], start[1], start[2], "x^2 + y^2 <= 1");
    double multiplier = (Double) ((List<?>) json.get("multipliers")).get(0);
    assertTrue(multiplier > 0);
    double looser =
        (Double)
            json(0, formula, start[0], start[1], start[2], "x^2 + y^2 <= 1.0001").get("minimum");
    assertEquals(-multiplier, (looser - (Double) json.get("minimum")) / 1e-4, 1e-3);
    String text = minimize(formula, start[0], start[1], start[2], "x^2 + y^2 <= 1").out();
    assertTrue(text.contains("holds f up; loosened by a small e, the minimum falls by"), text);
    String falling =
        minimize("x^2 + y^2", "--start", "x=1,y=1", "--subject-to", "x + y = -2").out();
    assertTrue(falling.contains("the minimum falls by 2.000*e"), falling);
  }

  @Test
  void boundsAndFixedParameters() {
    Map<String, Object> json =
        json(
            0,
            "(x-3)^2 + (y-2)^2 + k*x",
            "--start",
            "x=0,y=0,k=2",
            "--bounds",
            "x=0:1",
            "--fix",
            "k");
    assertEquals(1, parameter(json, "x"), 0);
    assertEquals(2, parameter(json, "y"), 1e-6);
    assertEquals(2, parameter(json, "k"), 0);
    // ∂f/∂x = 2(1-3) + 2.
    assertEquals(
        -2, (Double) CommandLineRunner.object(json.get("boundMultipliers")).get("x"), 1e-9);
    Map<String, Object> outside = json(0, "(x-3)^2", "--start", "x=9", "--bounds", "x=-1:1");
    assertEquals(1, parameter(outside, "x"), 0);
    Map<String, Object> given = json(0, "(x-k)^2", "--start", "x=0", "--fix", "k=7");
    assertEquals(7, parameter(given, "x"), 1e-6);
  }

  @Test
  void limitsOfIterationsEndWithOne() {
    Map<String, Object> json =
        json(1, VALLEY, "--start", "x1=-1.2,x2=1", "--max-iterations", "3", "--method", "bfgs");
    assertEquals("ITERATION_LIMIT", json.get("status"));
    assertEquals(false, json.get("converged"));
    assertEquals(3.0, json.get("iterations"));
  }

  @Test
  void toleranceIsHeeded() {
    String[] line = {"--start", "x1=-1.2,x2=1", "--method", "lbfgs", "--tolerance", "0.1"};
    double loose = (Double) json(0, VALLEY, line).get("gradientNorm");
    line[5] = "1e-10";
    double tight = (Double) json(0, VALLEY, line).get("gradientNorm");
    assertTrue(loose > 1e-6 && tight < 1e-8, loose + " " + tight);
    Map<String, Object> simplex =
        json(
            0, VALLEY, "--start", "x1=-1.2,x2=1", "--method", "nelder-mead", "--tolerance", "1e-3");
    assertTrue(((String) simplex.get("method")).contains("parameterTolerance=0.001"));
  }

  @Test
  void whatFallsWithoutEndEndsWithOne() {
    Outcome outcome = minimize("-x^2 - y^2", "--start", "x=3,y=2");
    assertEquals(1, outcome.code());
    assertTrue(outcome.out().contains("\nunbounded: objective "), outcome.out());
    // What is no number stays out of JSON.
    assertEquals("UNBOUNDED", json(1, "-x^2 - y^2", "--start", "x=3,y=2").get("status"));
  }

  @Test
  void whatCannotHoldEndsWithOne() {
    String[] line = {
      "--start", "x=0.5,y=0.5", "--subject-to", "x^2 + y^2 <= 1", "--subject-to", "x + y >= 2"
    };
    Outcome outcome = minimize("(x-2)^2 + y^2", line);
    assertEquals(1, outcome.code());
    assertTrue(outcome.out().contains("\ninfeasible: '"), outcome.out());
    assertFalse(outcome.out().contains("what the multipliers say"), outcome.out());
    assertEquals("INFEASIBLE", json(1, "(x-2)^2 + y^2", line).get("status"));
  }

  @Test
  void whatIsNowhereDefinedEndsWithOne() {
    Map<String, Object> json = json(1, "log(-x^2 - 1)", "--start", "x=1");
    assertEquals("NON_FINITE", json.get("status"));
    assertNull(json.get("minimum"));
  }

  @Test
  void multiStartListsTheMinima() {
    String[] line = {"--multi-start", "40", "--bounds", "x=-6:6,y=-6:6"};
    String himmelblau = "(x^2+y-11)^2 + (x+y^2-7)^2";
    Map<String, Object> json = json(0, himmelblau, line);
    List<?> minima = (List<?>) json.get("minima");
    assertEquals(4, minima.size());
    double count = 0;
    for (Object minimum : minima) {
      Map<String, Object> each = CommandLineRunner.object(minimum);
      assertEquals(0, (Double) each.get("minimum"), 1e-8);
      // each has what the report of one has
      for (String field :
          List.of("multipliers", "boundMultipliers", "gradientNorm", "evaluations")) {
        assertEquals(json.get(field).getClass(), each.get(field).getClass(), field);
      }
      assertEquals("CONVERGED_GRADIENT", each.get("status"));
      assertEquals(true, each.get("converged"));
      double x = parameter(each, "x");
      double y = parameter(each, "y");
      assertEquals(11, x * x + y, 1e-4);
      count += (Double) each.get("count");
    }
    assertEquals(json.get("convergedCount"), count);
    assertEquals(40.0, json.get("starts"));
    assertEquals(CommandLineRunner.object(minima.get(0)).get("minimum"), json.get("minimum"));
    Outcome text = minimize(himmelblau, line);
    assertEquals(0, text.code(), text.err());
    assertTrue(text.out().contains("4 minima from 40 starts"), text.out());
    assertTrue(text.out().contains("\nthe lowest minimum\n"), text.out());
  }

  @Test
  void multiStartWithoutAMinimumStillReports() {
    Map<String, Object> json =
        json(
            1,
            "x^4 - 3*x^2 + x",
            "--multi-start",
            "5",
            "--bounds",
            "x=-2:2",
            "--max-iterations",
            "1");
    assertEquals(List.of(), json.get("minima"));
    assertEquals("ITERATION_LIMIT", json.get("status"));
    assertTrue((Double) json.get("minimum") < 6);
  }

  @Test
  void multiStartNeedsABox() {
    assertRefused(
        minimize("x^2 + y^2", "--multi-start", "5", "--bounds", "x=0:1,y=0:"),
        "--multi-start 5 without both bounds of y\n",
        "--bounds y=LOW:HIGH");
    assertRefused(
        minimize("x^2 + y^2", "--multi-start", "5", "--bounds", "x=0:1,y=0:1", "--start", "x=1"),
        "--start gives no value for y\n");
    assertRefused(minimize("x^2", "--multi-start", "0"), "--multi-start 0, expected > 0");
    Map<String, Object> held =
        json(0, "(x-k)^2", "--multi-start", "5", "--bounds", "x=0:5", "--fix", "k=3");
    assertEquals(3, parameter(held, "x"), 1e-6);
  }

  /** A Poisson rate: the maximum of the likelihood is the mean. */
  @Test
  void sumsOverTheRowsOfAFile() throws IOException {
    String data = file("counts.csv", "t,n,note\n1,3,a\n2,8,b\n4,13,c\n");
    Map<String, Object> json =
        json(0, "m*t - n*log(m*t)", "--data", data, "--start", "m=1", "--bounds", "m=0.1:");
    assertEquals(24.0 / 7, parameter(json, "m"), 1e-6);
    assertEquals(data, json.get("data"));
    Map<String, Object> renamed =
        json(
            0,
            "m*s - n*log(m*s)",
            "--data",
            data,
            "--column",
            "s=t",
            "--start",
            "m=1",
            "--bounds",
            "m=0.1:");
    assertEquals(24.0 / 7, parameter(renamed, "m"), 1e-6);
  }

  /** The error of a Poisson rate of N events in the time T is √N/T. */
  @Test
  void likelihoodsHaveStandardErrors() throws IOException {
    String data = file("counts.csv", "t,n\n1,3\n2,8\n4,13\n");
    String formula = "m*t - n*log(m*t)";
    String[] options = {"--data", data, "--start", "m=1", "--bounds", "m=0.1:", "--likelihood"};
    Map<String, Object> json = json(0, formula, options);
    Map<String, Object> errors = CommandLineRunner.object(json.get("standardErrors"));
    assertEquals(Math.sqrt(24) / 7, (Double) errors.get("m"), 1e-6);
    assertFalse(json.containsKey("noStandardErrors"));
    Outcome table = minimize(formula, options);
    assertTrue(table.out().contains("standard error"), table.out());
    assertTrue(table.out().contains("0.6999"), table.out());
    Map<String, Object> plain =
        json(0, formula, "--data", data, "--start", "m=1", "--bounds", "m=0.1:");
    assertFalse(plain.containsKey("standardErrors"));
    Map<String, Object> flat = json(0, "(a-2)^2 + 0*b", "--start", "a=1,b=3", "--likelihood");
    assertNull(CommandLineRunner.object(flat.get("standardErrors")).get("b"));
    assertFalse(flat.get("noStandardErrors").toString().isEmpty());
  }

  @Test
  void complainsAboutData() throws IOException {
    String data = file("counts.csv", "t,n\n1,3\n2,\n");
    assertRefused(
        minimize("a^2", "--data", data, "--start", "a=1"),
        "no symbol of the formula a^2 is a column of ",
        "the columns are t, n");
    assertRefused(
        minimize("(m-n)^2", "--data", data, "--start", "m=1"), "line 3, column n: no value");
    assertRefused(
        minimize("(m-t)^2", "--data", data, "--start", "m=1,t=2"),
        "--start names t, which is a column of the table");
    assertRefused(
        minimize("(m-t)^2", "--data", data, "--start", "m=1", "--subject-to", "m >= t"),
        "names t, which is a column of");
    assertRefused(
        minimize("(m-t)^2", "--data", data, "--start", "m=1", "--column", "t=time"),
        "--column t: there is no column 'time'");
    assertRefused(
        minimize("(m-t)^2", "--data", data, "--start", "m=1", "--column", "q=n"),
        "--column names q, expected a symbol of the formula");
    assertRefused(
        minimize("(m-t)^2", "--start", "m=1,t=1", "--column", "t=n"),
        "--column t=n without --data");
    assertRefused(
        minimize("(m-t)^2", "--data", "none.csv", "--start", "m=1"),
        "cannot read none.csv: there is no such file");
  }

  @Test
  void pointsAtThePlaceInAFormula() {
    assertRefused(
        minimize("x^2 + epx(y)", "--start", "x=1,y=1"),
        "unknown function 'epx', did you mean 'exp'?\n  x^2 + epx(y)\n        ^\n");
    assertRefused(
        minimize("x^2 + y^2", "--start", "x=1,y=1", "--subject-to", "x + sin( >= 1"),
        "\n  x + sin( >= 1\n           ^\n");
    assertRefused(minimize("x < 2", "--start", "x=1"), "a comparison");
  }

  @Test
  void parametersThatTheFormulaDoesNotHoldStayWhereTheyAre() {
    Outcome outcome = minimize("(x2-2)^2 + x3^2", "--start", "x1=5,x2=1,x3=1,x4=-7", "--json");
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.err().contains("not in the formula"), outcome.err());
    assertTrue(outcome.err().contains("x1, x4"), outcome.err());
    assertTrue(outcome.out().contains("\"x1\" : 5.0"), outcome.out());
    assertTrue(outcome.out().contains("\"x4\" : -7.0"), outcome.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--start x=1 | no start value for y",
        "--start x=1,z=2 | no start value for y; --start names z, not in the formula",
        "--start x=1,y=2,z=3 --multi-start 4 | --start names z, which is no parameter",
        "--start x=1,y=2 --bounds z=0:1 | --bounds names z",
        "--start x=1,y=2 --fix z | --fix names z",
        "--start x=1,y | --start has 'y', expected NAME=VALUE",
        "--start x=1,y=two | --start gives y = 'two', expected a finite number",
        "--start x=1,y=2 --method simplex | --method simplex, expected newton, newton-cg, bfgs",
        "--start x=1,y=2 --method bfgs --subject-to x+y=1 | --method bfgs knows no constraints",
        "--start x=1,y=2 --subject-to x>1 | expected <= or >=",
        "--start x=1,y=2 --subject-to x+y | has no relation",
        "--start x=1,y=2 --subject-to 1=2 | has no symbol",
        "--start x=1,y=2 --tolerance 2 | --tolerance 2.0, expected 0 <= tolerance < 1",
        "--start x=1,y=2 --max-iterations 0 | --max-iterations 0, expected > 0",
        "--start x=1,y=2 --threads -1 | --threads -1, expected > 0",
        "--start x=1,y=2 --backend none | none",
        "--start x=1,y=2 --fix x,y | fixed",
        "--start x=1,y=2 --plot minimum.bmp | minimum.bmp",
        "--start x=1,y=2 --plot /no/such/place/minimum.png | there is no directory",
        "--start x=1,y=2 --metod bfgs | --metod",
      })
  void complainsAboutOptions(String options, String message) {
    assertRefused(minimize("x^2 + y^2", options.split(" ", -1)), message);
  }

  @Test
  void severalParametersCannotBeDrawn() {
    String plot = directory.resolve("p.png").toString();
    assertRefused(
        minimize("x^2 + y^2 + z^2", "--start", "x=1,y=1,z=1", "--plot", plot),
        "draws one or two free parameters, there are 3");
    assertEquals(
        0,
        minimize("x^2 + y^2 + z^2", "--start", "x=1,y=1,z=1", "--plot", plot, "--fix", "z").code());
    assertTrue(Files.exists(Path.of(plot)));
  }

  /** How many pixels have a colour. */
  private static int count(BufferedImage image, Color color) {
    int count = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        count += (image.getRGB(x, y) & 0xffffff) == (color.getRGB() & 0xffffff) ? 1 : 0;
      }
    }
    return count;
  }

  @Test
  void thePlotShowsThePath() throws IOException {
    Path plot = directory.resolve("valley.png");
    Outcome outcome =
        minimize(VALLEY, "--start", "x1=-1.2,x2=1", "--method", "lbfgs", "--plot", plot.toString());
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().endsWith("\nplot " + plot + "\n"), outcome.out());
    BufferedImage image = ImageIO.read(plot.toFile());
    assertEquals(1800, image.getWidth());
    // The path with its marks, and the line of the lowest level.
    assertTrue(count(image, ChartStyle.CURVE) > 3000, count(image, ChartStyle.CURVE) + " pixels");
    assertTrue(count(image, ChartStyle.POINTS) > 300, count(image, ChartStyle.POINTS) + " pixels");
  }

  @Test
  void thePlotShowsConstraintsAndBounds() throws IOException {
    Path plot = directory.resolve("limits.png");
    String[] line = {
      "--start",
      "x=3,y=1",
      "--subject-to",
      "x + 2*y = 4",
      "--subject-to",
      "x*y >= 1",
      "--bounds",
      "x=0.7:",
      "--plot",
      plot.toString()
    };
    assertEquals(plot.toString(), json(0, "x^2 + y^2", line).get("plot"));
    BufferedImage image = ImageIO.read(plot.toFile());
    assertTrue(count(image, new Color(0x2e, 0x7d, 0x32)) > 1000, "the equality");
    assertTrue(count(image, new Color(0x7b, 0x3f, 0x98)) > 1000, "the inequality");
    assertTrue(count(image, new Color(0x55, 0x55, 0x55)) > 1000, "the bound");
    assertTrue(count(image, ChartStyle.CURVE) > 1000, "the path");
  }

  @Test
  void thePlotReachesToConstraintsNearby() throws IOException {
    Path plot = directory.resolve("nearby.png");
    String[] line = {"--start", "x=1,y=1", "--subject-to", "y <= 2", "--plot", plot.toString()};
    json(0, "x^2 + y^2", line);
    BufferedImage image = ImageIO.read(plot.toFile());
    assertTrue(count(image, new Color(0x2e, 0x7d, 0x32)) > 1000, "the inequality");
  }

  @ParameterizedTest
  @ValueSource(strings = {"svg", "pdf", "jpg"})
  void plotsHaveManyFormats(String ending) throws IOException {
    Path plot = directory.resolve("plot." + ending);
    Outcome outcome =
        minimize(
            "x^4 - 3*x^2 + x",
            "--multi-start",
            "9",
            "--bounds",
            "x=-2:2",
            "--plot",
            plot.toString());
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(Files.size(plot) > 5000 && Files.size(plot) < 2_000_000);
    if (ending.equals("svg")) {
      assertTrue(Files.readString(plot).contains("x^4 - 3*x^2 + x</title>"));
    }
  }

  @Test
  void curvesWithPolesAndGapsAreDrawn() {
    for (String formula : List.of("1/(x-2)^2 + x^2", "x - log(x)", "sqrt(x)*x - x", "x^2*1e-30")) {
      Path plot = directory.resolve("curve.svg");
      Outcome outcome = minimize(formula, "--start", "x=1.5", "--plot", plot.toString());
      assertTrue(outcome.code() <= 1, formula + ": " + outcome.err());
      assertTrue(outcome.out().contains("\nplot "), formula + ": " + outcome.err() + outcome.out());
    }
  }

  @Test
  void whatIsFlatIsNotDrawn() {
    Path plot = directory.resolve("flat.png");
    Outcome outcome = minimize("0*x + 0*y + 1", "--start", "x=1,y=1", "--plot", plot.toString());
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.err().startsWith("nabla4j: no plot, since"), outcome.err());
    assertFalse(Files.exists(plot));
  }

  @Test
  void helpNamesEveryOption() {
    String help = CommandLineRunner.run("help", "minimize").out();
    for (String option :
        List.of("--subject-to", "--multi-start", "--plot", "augmented-lagrangian", "Exit codes")) {
      assertTrue(help.contains(option), help);
    }
    assertTrue(help.lines().allMatch(line -> line.length() <= 100), help);
  }
}
