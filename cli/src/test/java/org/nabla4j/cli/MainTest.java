package org.nabla4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nabla4j.cli.CommandLineRunner.Outcome;
import org.nabla4j.expression.Op;

class MainTest {

  @TempDir Path directory;

  @Test
  void helpNamesEveryCommand() {
    Outcome outcome = CommandLineRunner.run("--help");
    assertEquals(0, outcome.code());
    for (String text :
        List.of("fit", "minimize", "solve", "derive", "demo", "devices", "Exit codes")) {
      assertTrue(outcome.out().contains(text), outcome.out());
    }
    assertEquals("", outcome.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"fit", "minimize", "solve", "derive", "demo", "devices"})
  void everyCommandHasHelp(String command) {
    Outcome outcome = CommandLineRunner.run(command, "--help");
    assertEquals(0, outcome.code());
    assertTrue(outcome.out().startsWith("Usage: nabla4j " + command), outcome.out());
    assertTrue(outcome.out().lines().allMatch(line -> line.length() <= 100), outcome.out());
  }

  @Test
  void helpOfFitHasExamplesThatAreNotBroken() {
    String out = CommandLineRunner.run("fit", "--help").out();
    assertTrue(out.contains("--start a=1,b=0.5,c=0\n"), out);
    assertTrue(out.contains("--group well --out fits.csv\n"), out);
  }

  @Test
  void helpHasExamples() {
    String out = CommandLineRunner.run("--help").out();
    assertTrue(
        out.contains("\n  nabla4j fit --data decay.csv --formula \"y = a*exp(-b*x) + c\""), out);
    assertTrue(out.lines().allMatch(line -> line.length() <= 100), out);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fit", "minimize", "solve", "derive", "demo", "devices"})
  void helpIsACommandToo(String command) {
    Outcome outcome = CommandLineRunner.run("help", command);
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals(CommandLineRunner.run(command, "--help").out(), outcome.out());
  }

  @Test
  void helpOnFormulasNamesEveryFunction() {
    Outcome outcome = CommandLineRunner.run("help", "formula");
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals(outcome.out(), CommandLineRunner.run("help", "formulas").out());
    List<String> words = List.of(outcome.out().split("[^A-Za-z0-9]+", -1));
    for (Op op : Op.values()) {
      assertTrue(!op.isFunction() || words.contains(op.text()), op.text());
    }
    assertTrue(words.containsAll(List.of("where", "ln", "pow", "pi", "arctan")), outcome.out());
    assertTrue(outcome.out().lines().allMatch(line -> line.length() <= 100), outcome.out());
    String fit = CommandLineRunner.run("help", "fit").out();
    assertTrue(fit.replaceAll("\\s+", " ").contains("nabla4j help formula lists"), fit);
    assertTrue(fit.replaceAll("\\s+", " ").contains("no --plot"), fit);
  }

  @Test
  void helpAloneAndHelpOnNothing() {
    Outcome alone = CommandLineRunner.run("help");
    assertEquals(0, alone.code());
    assertEquals(CommandLineRunner.run("--help").out(), alone.out());
    Outcome nothing = CommandLineRunner.run("help", "fot");
    assertEquals(2, nothing.code());
    assertTrue(nothing.err().contains("'fot'"), nothing.err());
  }

  @Test
  void versionNamesJava() {
    Outcome outcome = CommandLineRunner.run("--version");
    assertEquals(0, outcome.code());
    assertTrue(outcome.out().startsWith("nabla4j "), outcome.out());
    assertTrue(outcome.out().contains("Java " + System.getProperty("java.version")), outcome.out());
  }

  @Test
  void noCommandShowsHelpAndFails() {
    Outcome outcome = CommandLineRunner.run();
    assertEquals(2, outcome.code());
    assertEquals("", outcome.out());
    assertTrue(outcome.err().startsWith("Usage: nabla4j"), outcome.err());
  }

  @Test
  void unknownCommandAndOption() {
    Outcome command = CommandLineRunner.run("fot");
    assertEquals(2, command.code());
    assertTrue(command.err().contains("'fot'"), command.err());
    assertTrue(
        command
            .err()
            .contains(
                "\n  the commands are fit, minimize, regress, solve, derive, demo, devices, help; see nabla4j --help\n"),
        command.err());
    String near = CommandLineRunner.run("devics").err();
    assertTrue(near.contains("\n  did you mean devices"), near);
    String missed = CommandLineRunner.run("fit", "--data", "d.csv", "--formul", "y = a").err();
    assertTrue(missed.startsWith("nabla4j: Unknown option: '--formul'"), missed);
    assertTrue(missed.contains("did you mean --formula"), missed);
    Outcome option = CommandLineRunner.run("devices", "--colour");
    assertEquals(2, option.code());
    assertTrue(option.err().startsWith("nabla4j: Unknown option: '--colour'\n"), option.err());
    assertTrue(option.err().contains("see nabla4j devices --help"), option.err());
  }

  @Test
  void onlyVerboseShowsStackTrace() {
    String[] line = {"fit", "--data", "none.csv", "--formula", "y = a"};
    Outcome quiet = CommandLineRunner.run(line);
    assertEquals(2, quiet.code());
    assertFalse(quiet.err().contains("\tat "), quiet.err());
    String[] verbose = {"fit", "--data", "none.csv", "--formula", "y = a", "--verbose"};
    Outcome loud = CommandLineRunner.run(verbose);
    assertEquals(2, loud.code());
    assertTrue(loud.err().startsWith(quiet.err()), loud.err());
    assertTrue(loud.err().contains("\tat org.nabla4j.cli."), loud.err());
  }

  @Test
  void devicesListsBackendsWithReasons() {
    Outcome outcome = CommandLineRunner.run("devices");
    assertEquals(0, outcome.code());
    assertTrue(outcome.out().contains("reference   usable: interpreted\n"), outcome.out());
    assertTrue(
        outcome.out().contains("abacus      not usable: no beads found. Buy some beads\n"),
        outcome.out());
    boolean vector = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    assertTrue(outcome.out().contains(vector ? "vectors     on" : "vectors     off"));

    Outcome json = CommandLineRunner.run("devices", "--json");
    assertEquals(vector, json.json().get("vectorModule"));
    assertTrue(json.out().contains("\"no beads found\""), json.out());
  }

  /** As the launcher starts it. */
  private Process start(List<String> jvm, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvm);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(arguments);
    return new ProcessBuilder(command).redirectErrorStream(false).start();
  }

  private Path data() throws IOException {
    return Files.writeString(directory.resolve("d.csv"), "x,y\n0,1\n1,0.61\n2,0.36\n3,0.23\n");
  }

  @Test
  void processEndsWithTheExitCodeAndLoadsNeitherNd4jNorPlots() throws Exception {
    String out =
        runLean(
            0,
            "fit",
            "--data",
            data().toString(),
            "--formula",
            "y = a*exp(-b*x)",
            "--start",
            "a=1,b=1",
            "--backend",
            "reference");
    assertTrue(out.contains("4 points, 2 free parameters"), out);
  }

  @Test
  void minimisationLoadsNeitherNd4jNorPlots() throws Exception {
    String[] line = {
      "minimize", "--formula", "x^2 + y^2", "--start", "x=3,y=1", "--subject-to", "x + y = 1"
    };
    String out = runLean(0, line);
    assertTrue(out.contains("backend cpu"), out);
    assertTrue(out.contains("rises by 1.000*e"), out);
  }

  /** Runs a process that must end with a code and without classes that are slow to load. */
  private String runLean(int code, String... arguments) throws Exception {
    Path classes = directory.resolve("classes.txt");
    Process process = start(List.of("-Xlog:class+load:file=" + classes), List.of(arguments));
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(code, process.waitFor());
    List<String> loaded =
        Files.readAllLines(classes).stream()
            .filter(
                line ->
                    line.contains(" org.nd4j")
                        || line.contains(" org.knowm")
                        || line.contains(" com.fasterxml")
                        || line.contains(" java.awt"))
            .toList();
    assertEquals(List.of(), loaded);
    return out;
  }

  @Test
  void processWithBadInputEndsWithTwo() throws Exception {
    Process process =
        start(List.of(), List.of("fit", "--data", "none.csv", "--formula", "y = a*x"));
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(2, process.waitFor());
    assertTrue(err.contains("nabla4j: cannot read none.csv: there is no such file"), err);
  }

  @Test
  void aReaderThatGoesAwayIsNoError() throws Exception {
    StandardOutput gone = failing("Broken pipe");
    assertEquals(null, gone.loss());
    StandardOutput full = failing("No space left on device");
    assertEquals("No space left on device", full.loss());
  }

  private static StandardOutput failing(String reason) {
    StandardOutput output =
        new StandardOutput(
            new java.io.OutputStream() {
              @Override
              public void write(int value) throws IOException {
                throw new IOException(reason);
              }
            });
    java.io.PrintStream stream = new java.io.PrintStream(output, true, StandardCharsets.UTF_8);
    stream.println("lost");
    assertTrue(stream.checkError());
    return output;
  }
}
