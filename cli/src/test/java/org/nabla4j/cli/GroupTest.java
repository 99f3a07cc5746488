package org.nabla4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nabla4j.cli.CommandLineRunner.Outcome;

class GroupTest {

  @TempDir Path directory;

  private static final String[] OPTIONS = {
    "--formula", "y = a + b*x", "--start", "a=0,b=0", "--group", "id", "--backend", "reference"
  };

  private static Outcome fit(Path data, String... more) {
    List<String> line = new ArrayList<>(List.of("fit", "--data", data.toString()));
    line.addAll(List.of(OPTIONS));
    line.addAll(List.of(more));
    return CommandLineRunner.run(line.toArray(String[]::new));
  }

  /** Lines a + b·x with wiggles, rows of the groups mixed. */
  private Path lines(int... sizes) throws IOException {
    StringBuilder text = new StringBuilder("id,x,y\n");
    for (int k = 0; k < 100; k++) {
      for (int g = 0; g < sizes.length; g++) {
        if (k < sizes[g]) {
          double y = g + 2.0 * k + 0.1 * ((k * 7 + g) % 3);
          text.append("\"g " + g + "\"," + k + "," + y + "\n");
        }
      }
    }
    return Files.writeString(directory.resolve("lines.csv"), text.toString());
  }

  @Test
  void everyGroupIsTheFitOfItsRows() throws IOException {
    Path data = lines(5, 12, 5, 40);
    Path out = directory.resolve("fits.csv");
    Outcome outcome = fit(data, "--out", out.toString());
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().contains("4 of 4 fits converged"), outcome.out());
    assertTrue(outcome.out().endsWith("written to " + out + "\n"), outcome.out());
    List<String> rows = Files.readAllLines(out);
    assertEquals(
        "id,a,a_standardError,b,b_standardError,chiSquared,degreesOfFreedom,status,iterations",
        rows.get(0));
    assertEquals(5, rows.size());
    List<String> all = Files.readAllLines(data);
    for (int g = 0; g < 4; g++) {
      String label = "g " + g;
      List<String> own = new ArrayList<>(List.of("id,x,y"));
      all.stream().filter(row -> row.contains(label + "\"")).forEach(own::add);
      Path single = Files.write(directory.resolve("single.csv"), own);
      Map<String, Object> json =
          CommandLineRunner.run(
                  "fit",
                  "--data",
                  single.toString(),
                  "--formula",
                  "y = a + b*x",
                  "--start",
                  "a=0,b=0",
                  "--backend",
                  "reference",
                  "--json")
              .json();
      Map<String, Object> parameters = CommandLineRunner.object(json.get("parameters"));
      String[] cells = rows.get(1 + g).split(",", -1);
      assertEquals(label, cells[0]);
      Map<String, Object> b = CommandLineRunner.object(parameters.get("b"));
      assertEquals((Double) b.get("value"), Double.parseDouble(cells[3]), 1e-12);
      assertEquals((Double) b.get("standardError"), Double.parseDouble(cells[4]), 1e-12);
      assertEquals((Double) json.get("chiSquared"), Double.parseDouble(cells[5]), 1e-12);
      assertEquals((Double) json.get("degreesOfFreedom"), Double.parseDouble(cells[6]));
      assertEquals(json.get("status"), cells[7]);
    }
  }

  @Test
  void aGroupWithTooFewPointsFailsAloneAndIsInTheFile() throws IOException {
    Path out = directory.resolve("fits.csv");
    Outcome outcome = fit(lines(5, 1, 6), "--out", out.toString());
    assertEquals(1, outcome.code());
    assertTrue(outcome.out().contains("2 of 3 fits converged"), outcome.out());
    assertTrue(outcome.out().contains("TOO_FEW_POINTS         1"), outcome.out());
    String row = Files.readAllLines(out).get(2);
    assertTrue(row.contains(",-1,TOO_FEW_POINTS,0"), row);
    assertFalse(row.contains("NaN"), row);
  }

  @Test
  void withoutFileTheFitsArePrinted() throws IOException {
    Outcome text = fit(lines(5, 6));
    assertEquals(0, text.code(), text.err());
    assertTrue(text.out().contains("\nid "), text.out());
    assertTrue(text.out().contains("\ng 1 "), text.out());
    Map<String, Object> json = fit(lines(5, 6), "--json").json();
    assertEquals(2.0, json.get("groups"));
    assertEquals(true, json.get("converged"));
    double seconds = (Double) json.get("seconds");
    assertTrue(new BigDecimal(Double.toString(seconds)).precision() <= 6, "seconds " + seconds);
    List<?> fits = (List<?>) json.get("fits");
    Map<String, Object> second = CommandLineRunner.object(fits.get(1));
    assertEquals(6.0, second.get("points"));
    double chiSquared = (Double) second.get("chiSquared");
    assertEquals(chiSquared / 4, (Double) second.get("reducedChiSquared"), 1e-15);
    assertTrue((Double) second.get("rSquared") > 0.99, second.toString());
    double deviance = 6 * (Math.log(2 * Math.PI * chiSquared / 6) + 1);
    assertEquals(deviance + 6, (Double) second.get("aic"), 1e-9);
    assertEquals(deviance + 3 * Math.log(6), (Double) second.get("bic"), 1e-9);
    assertTrue(second.containsKey("pValue"), second.toString());
    assertEquals("g 1", CommandLineRunner.object(fits.get(1)).get("group"));
  }

  @Test
  void guessesForEachGroup() throws IOException {
    StringBuilder text = new StringBuilder("id,x,y\n");
    for (int g = 1; g <= 2; g++) {
      for (int k = 1; k < 9 + g; k++) {
        text.append(g + "," + k + "," + g * 10 * Math.pow(k, 0.5 * g) + "\n");
      }
    }
    Path data = Files.writeString(directory.resolve("p.csv"), text.toString());
    Outcome outcome =
        CommandLineRunner.run(
            "fit",
            "--data",
            data.toString(),
            "--formula",
            "y = c*x^e",
            "--guess",
            "power-law",
            "--group",
            "id",
            "--backend",
            "reference",
            "--json");
    assertEquals(0, outcome.code(), outcome.err());
    List<?> fits = (List<?>) outcome.json().get("fits");
    Map<String, Object> second =
        CommandLineRunner.object(CommandLineRunner.object(fits.get(1)).get("parameters"));
    assertEquals(20.0, (Double) CommandLineRunner.object(second.get("c")).get("value"), 1e-6);
  }

  @Test
  void missingGroupsAreRefusedOrLeftOut() throws IOException {
    Path data =
        Files.writeString(
            directory.resolve("m.csv"), "id,x,y\na,0,1\na,1,2\n,5,5\na,2,3.1\na,3,\na,4,5\n");
    Outcome refused = fit(data);
    assertEquals(2, refused.code());
    assertTrue(refused.err().contains("m.csv, line 4, column id: no group"), refused.err());
    Map<String, Object> json = fit(data, "--missing", "omit", "--json").json();
    assertEquals(1.0, json.get("groups"));
    Map<String, Object> only = CommandLineRunner.object(((List<?>) json.get("fits")).get(0));
    assertEquals(2.0, only.get("degreesOfFreedom"));
  }

  @Test
  void afterAFailureTheOldFileIsStillThere() throws IOException {
    Path out = Files.writeString(directory.resolve("fits.csv"), "old");
    Path data = Files.writeString(directory.resolve("bad.csv"), "id,x,y\na,0,1\na,1,2\na,2,oops\n");
    assertEquals(2, fit(data, "--out", out.toString()).code());
    assertEquals("old", Files.readString(out));
    assertThrows(
        InputException.class,
        () ->
            OutputFile.write(
                out,
                stream -> {
                  stream.write("half".getBytes(StandardCharsets.UTF_8));
                  throw new IOException("disk full");
                }));
    assertEquals("old", Files.readString(out));
    try (var files = Files.list(directory)) {
      assertEquals(2, files.count());
    }
    OutputFile.write(out, stream -> stream.write("new".getBytes(StandardCharsets.UTF_8)));
    assertEquals("new", Files.readString(out));
  }

  @Test
  void linksStayLinks() throws IOException {
    Path target = Files.writeString(directory.resolve("target.txt"), "old");
    Path link = Files.createSymbolicLink(directory.resolve("link.txt"), target);
    OutputFile.write(link, stream -> stream.write("new".getBytes(StandardCharsets.UTF_8)));
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("new", Files.readString(target));
  }

  private static Table table(int... sizes) {
    int rows = 0;
    for (int size : sizes) {
      rows += size;
    }
    int[] groups = new int[rows];
    double[] x = new double[rows];
    double[] y = new double[rows];
    List<String> labels = new ArrayList<>();
    int row = 0;
    for (int g = 0; g < sizes.length; g++) {
      labels.add("g" + g);
      for (int k = 0; k < sizes[g]; k++, row++) {
        groups[row] = g;
        x[row] = k;
        y[row] = 1000 * g + k;
      }
    }
    return new Table(rows, new double[][] {x, y}, groups, labels, 0);
  }

  private static List<GroupedData.Batch> split(Table table) {
    return GroupedData.split(
        table, Map.of("x", table.columns()[0], "y", table.columns()[1]), Set.of("y"));
  }

  @Test
  void equalPlacesAreShared() {
    List<GroupedData.Batch> batches = split(table(4, 4, 4));
    assertEquals(1, batches.size());
    assertTrue(batches.get(0).columns().get("x").shared());
    assertFalse(batches.get(0).columns().get("y").shared());
    assertFalse(batches.get(0).padded());
    assertEquals(2003, batches.get(0).columns().get("y").value(2, 3));
  }

  @Test
  void shorterGroupsArePadded() {
    List<GroupedData.Batch> batches = split(table(4, 3));
    assertEquals(1, batches.size());
    assertTrue(batches.get(0).padded());
    assertTrue(Double.isNaN(batches.get(0).columns().get("y").value(1, 3)));
    assertTrue(Double.isNaN(batches.get(0).columns().get("x").value(1, 3)));
    assertEquals(1002, batches.get(0).columns().get("y").value(1, 2));
  }

  @Test
  void veryDifferentSizesGoToSeveralBatches() {
    int[] sizes = new int[50];
    java.util.Arrays.fill(sizes, 4);
    sizes[20] = 4000;
    sizes[30] = 1;
    List<GroupedData.Batch> batches = split(table(sizes));
    assertEquals(3, batches.size());
    boolean[] seen = new boolean[50];
    for (GroupedData.Batch batch : batches) {
      for (int i = 0; i < batch.groups().length; i++) {
        int group = batch.groups()[i];
        assertFalse(seen[group]);
        seen[group] = true;
        assertEquals(1000.0 * group, batch.columns().get("y").value(i, 0));
      }
      assertFalse(batch.padded());
    }
    for (boolean s : seen) {
      assertTrue(s);
    }
  }
}
