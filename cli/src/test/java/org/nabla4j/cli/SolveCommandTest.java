package org.nabla4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nabla4j.cli.CommandLineRunner.Outcome;

/** {@code nabla4j solve} on the backend that users have. */
class SolveCommandTest {

  @TempDir Path directory;

  private static Outcome run(String... arguments) {
    return CommandLineRunner.run(arguments);
  }

  private static double root(Map<String, Object> json, String name) {
    return (Double) CommandLineRunner.object(json.get("roots")).get(name);
  }

  @Test
  void solvesAnEquation() {
    Outcome outcome =
        run("solve", "--equation", "x^2 = 2", "--start", "x=1", "--backend", "cpu", "--json");
    assertEquals(0, outcome.code(), outcome.err());
    Map<String, Object> json = outcome.json();
    assertEquals(Math.sqrt(2), root(json, "x"), 3e-16);
    assertEquals("CONVERGED_PARAMETERS", json.get("status"));
    assertEquals(true, json.get("converged"));
    assertEquals("cpu", json.get("backend"));
    assertTrue((Double) json.get("iterations") >= 1);
    assertTrue((Double) json.get("evaluations") >= 2);
    assertTrue(Math.abs((Double) json.get("residual")) < 1e-15);
  }

  @Test
  void solvesInABracketWithAConstant() {
    Outcome outcome =
        run("solve", "--equation", "cos(x) = k*x", "--set", "k=2", "--bracket", "x=0:1", "--json");
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals(0.4501836112948736, root(outcome.json(), "x"), 2e-16);
  }

  @Test
  void solvesASystem() {
    Outcome outcome =
        run(
            "solve",
            "--equation",
            "x^2 + y^2 = 4",
            "--equation",
            "x*y = 1",
            "--start",
            "x=2,y=0.5",
            "--json");
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals(1.9318516525781366, root(outcome.json(), "x"), 1e-15);
    assertEquals(0.5176380902050415, root(outcome.json(), "y"), 1e-15);
  }

  @Test
  void reportsForPeople() {
    Outcome outcome = run("solve", "--equation", "x^2 = 2", "--start", "x=1");
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().startsWith("x^2 = 2\nconverged: "), outcome.out());
    assertTrue(outcome.out().contains("x = 1.41421356237309"), outcome.out());
  }

  @Test
  void aProblemWithoutARootEndsWithOne() {
    Outcome outcome = run("solve", "--equation", "x^2 + 1 = 0", "--bracket", "x=-3:2", "--json");
    assertEquals(1, outcome.code(), outcome.err());
    assertEquals("NO_SIGN_CHANGE", outcome.json().get("status"));
    assertEquals(false, outcome.json().get("converged"));
  }

  @Test
  void solvesEveryRowOfATable() throws IOException {
    Path data = directory.resolve("amounts.csv");
    Files.writeString(data, "name,a\none,4\ntwo,\nthree,9\nfour,-1\n");
    Path out = directory.resolve("roots.csv");
    Outcome outcome =
        run(
            "solve",
            "--equation",
            "x^2 = a",
            "--start",
            "x=1",
            "--data",
            data.toString(),
            "--out",
            out.toString());
    assertEquals(1, outcome.code(), outcome.err());
    List<String> lines = Files.readAllLines(out);
    assertEquals("row,x,x_uncertainty,residual,status,iterations", lines.get(0));
    assertTrue(lines.get(1).startsWith("1,2.0,"), lines.get(1));
    assertTrue(lines.get(2).contains("NON_FINITE"), lines.get(2));
    assertTrue(lines.get(2).startsWith("2,,,"), lines.get(2));
    assertTrue(lines.get(3).startsWith("3,3.0,"), lines.get(3));
    assertTrue(lines.get(4).matches("4,,,.*,NO_PROGRESS,.*"), lines.get(4));
    assertTrue(outcome.out().contains("2 of 4 problems have a root"), outcome.out());
    assertTrue(outcome.out().endsWith("written to " + out + "\n"), outcome.out());
  }

  @Test
  void listsTheRowsOfATable() throws IOException {
    Path data = directory.resolve("amounts.csv");
    Files.writeString(data, "a\n4\n9\n");
    Outcome outcome =
        run(
            "solve",
            "--equation",
            "x^2 = a",
            "--start",
            "x=1",
            "--data",
            data.toString(),
            "--json");
    assertEquals(0, outcome.code(), outcome.err());
    Map<String, Object> json = outcome.json();
    assertEquals(2.0, json.get("convergedCount"));
    List<?> solutions = (List<?>) json.get("solutions");
    assertEquals(3, root(CommandLineRunner.object(solutions.get(1)), "x"), 1e-15);
    Outcome text =
        run("solve", "--equation", "x^2 = a", "--start", "x=1", "--data", data.toString());
    assertTrue(text.out().contains("\n2  3.0  "), text.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "solve --equation x=a --start x=1; no start value for a",
        "solve --equation x^2=2; no start value for x",
        "solve --equation x^2=2 --start x=1 --bracket x=2:1; expected lower < upper",
        "solve --equation x^2=2 --start x=1 --set q=1; --set names q",
        "solve --equation x^2=2 --start x=1,q=1; --start names q",
        "solve --equation x<=2 --start x=1; '<=' makes no equation",
        "solve --equation x^2=2 --start y=1; --start names y, which is no unknown",
        "solve --equation x^2=2 --bracket y=1:2; --bracket names y, which is no unknown",
        "solve --equation x*y=2 --start x=1,y=1; as many equations as unknowns",
        "solve --equation x^2=2 --start x=1 --out r.csv; without --data",
        "solve --equation x^2=2 --start x=1 --max-iterations 0; --max-iterations 0",
        "solve --equation x^2=2 --start x=1 --data none.csv; cannot read none.csv"
      })
  void badInputEndsWithTwo(String line, String message) {
    Outcome outcome = run(line.split(" ", -1));
    assertEquals(2, outcome.code(), outcome.out());
    assertTrue(outcome.err().contains(message), outcome.err());
  }
}
