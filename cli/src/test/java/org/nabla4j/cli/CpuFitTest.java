package org.nabla4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nabla4j.cli.CommandLineRunner.Outcome;

/** The command line on the backend that users have. */
class CpuFitTest {

  private static final double[] CERTIFIED = {
    1288.13968,
    1491.0792535,
    583.23836877,
    75.416644291,
    0.96629502864,
    0.39797285797,
    0.049727297349
  };

  private static final double[] CERTIFIED_ERRORS = {
    4.6647963344,
    39.571156086,
    28.698696102,
    5.567537027,
    0.031333340687,
    0.014984928198,
    0.0065842344623
  };

  @TempDir Path directory;

  private static Outcome run(String... arguments) {
    Outcome outcome = CommandLineRunner.run(arguments);
    assertEquals(0, outcome.code(), outcome.err() + outcome.out());
    return outcome;
  }

  private static double field(Object parameters, String name, String field) {
    return (Double)
        CommandLineRunner.object(CommandLineRunner.object(parameters).get(name)).get(field);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "b1=1000,b2=1000,b3=400,b4=40,b5=0.7,b6=0.3,b7=0.03",
        "b1=1300,b2=1500,b3=500,b4=75,b5=1,b6=0.4,b7=0.05"
      })
  void meetsTheCertifiedValuesOfThurber(String start) throws IOException {
    Path data = directory.resolve("thurber.csv");
    try (InputStream stream = CpuFitTest.class.getResourceAsStream("thurber.csv")) {
      Files.copy(stream, data);
    }
    String formula = "y = (b1 + b2*x + b3*x^2 + b4*x^3) / (1 + b5*x + b6*x^2 + b7*x^3)";
    Map<String, Object> json =
        run("fit", "--data", data.toString(), "--formula", formula, "--start", start, "--json")
            .json();
    assertEquals("cpu", json.get("backend"));
    for (int j = 0; j < CERTIFIED.length; j++) {
      String name = "b" + (j + 1);
      assertEquals(
          CERTIFIED[j], field(json.get("parameters"), name, "value"), 1e-8 * CERTIFIED[j], name);
      assertEquals(
          CERTIFIED_ERRORS[j],
          field(json.get("parameters"), name, "standardError"),
          1e-6 * CERTIFIED_ERRORS[j],
          name);
    }
  }

  /** Groups of 3 to 9 points, and one of 60 that goes to a batch of its own. */
  private Path decays() throws IOException {
    StringBuilder text = new StringBuilder("well,x,y,s\n");
    for (int g = 0; g < 40; g++) {
      int n = g == 17 ? 60 : 3 + g % 7;
      for (int k = 0; k < n; k++) {
        double y = (1 + 0.02 * g) * Math.exp(-0.3 * k) + 0.003 * ((k * 5 + g) % 4);
        text.append("w" + g + "," + k + "," + y + ",0.01\n");
      }
    }
    return Files.writeString(directory.resolve("decays.csv"), text.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--kernel scalar",
        "--kernel auto",
        "--bounds a=0:10,b=0:",
        "--loss huber:1.5",
        "--fix b=0.3",
        "--sigma-kind relative --threads 3"
      })
  void everyGroupIsTheFitOfItsRows(String options) throws IOException {
    Path data = decays();
    List<String> model =
        new ArrayList<>(
            List.of(
                "--formula", "y = a*exp(-b*x)", "--start", "a=1,b=0.5", "--sigma", "s", "--json"));
    model.addAll(List.of(options.split(" ", -1)));
    List<?> fits = (List<?>) fit(data, model, "--group", "well").get("fits");
    assertEquals(40, fits.size());
    List<String> rows = Files.readAllLines(data);
    for (int g : new int[] {0, 6, 17, 39}) {
      List<String> own = new ArrayList<>(List.of(rows.get(0)));
      rows.stream().filter(row -> row.startsWith("w" + g + ",")).forEach(own::add);
      Path single = Files.write(directory.resolve("single.csv"), own);
      Map<String, Object> alone = fit(single, model);
      Map<String, Object> grouped = CommandLineRunner.object(fits.get(g));
      assertEquals("w" + g, grouped.get("group"));
      for (String name : List.of("a", "b")) {
        for (String field : List.of("value", "standardError")) {
          double expected = field(alone.get("parameters"), name, field);
          assertEquals(
              expected,
              field(grouped.get("parameters"), name, field),
              1e-9 * Math.abs(expected),
              g + " " + name + " " + field);
        }
      }
      assertEquals(alone.get("degreesOfFreedom"), grouped.get("degreesOfFreedom"));
    }
  }

  private static Map<String, Object> fit(Path data, List<String> model, String... more) {
    List<String> line = new ArrayList<>(List.of("fit", "--data", data.toString()));
    line.addAll(model);
    line.addAll(List.of(more));
    return run(line.toArray(String[]::new)).json();
  }

  @Test
  void theDemoRuns() {
    Path plot = directory.resolve("demo.png");
    Map<String, Object> json =
        run("demo", "--fits", "20000", "--plot", plot.toString(), "--json").json();
    Map<String, Object> batch = CommandLineRunner.object(json.get("batch"));
    assertEquals(20000.0, batch.get("convergedCount"));
    assertEquals("cpu", batch.get("backend"));
    assertEquals(0, (Double) batch.get("meanErrorInStandardErrors"), 0.03);
    assertEquals(1, (Double) batch.get("rmsErrorInStandardErrors"), 0.02);
    assertTrue((Double) batch.get("fitsPerSecond") > 1000);
    assertTrue(Files.exists(plot));
  }
}
