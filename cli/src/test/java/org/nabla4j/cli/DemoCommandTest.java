package org.nabla4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nabla4j.backend.Execution;
import org.nabla4j.cli.CommandLineRunner.Outcome;
import org.nabla4j.data.Column;

class DemoCommandTest {

  @TempDir Path directory;

  @Test
  void fitsDrawsAndCounts() {
    Path plot = directory.resolve("thurber.png");
    Outcome outcome =
        CommandLineRunner.run(
            "demo", "--fits", "300", "--backend", "reference", "--plot", plot.toString());
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().contains("37 points, 7 free parameters"), outcome.out());
    assertTrue(outcome.out().contains("300 converged in "), outcome.out());
    assertTrue(Files.exists(plot));
  }

  @Test
  void errorsAgainstTheTruthAreAsLargeAsStandardErrorsSay() {
    Path plot = directory.resolve("thurber.png");
    Outcome outcome =
        CommandLineRunner.run(
            "demo", "--fits", "600", "--backend", "reference", "--plot", plot.toString(), "--json");
    assertEquals(0, outcome.code(), outcome.err());
    Map<String, Object> batch = CommandLineRunner.object(outcome.json().get("batch"));
    assertEquals(600.0, batch.get("convergedCount"));
    // 1800 correlated errors: four of their own standard deviations, and some room.
    assertEquals(0, (Double) batch.get("meanErrorInStandardErrors"), 0.15);
    assertEquals(1, (Double) batch.get("rmsErrorInStandardErrors"), 0.12);
    Map<String, Object> fit = CommandLineRunner.object(outcome.json().get("fit"));
    assertEquals(5642.7082397, (Double) fit.get("chiSquared"), 1e-5);
  }

  @Test
  void decaysDoNotDependOnThreads() {
    Execution one = Execution.defaults().withParallelism(1);
    Execution three = Execution.defaults().withParallelism(3);
    Column first = SyntheticDecays.make(10_000, one).values(10_000);
    Column second = SyntheticDecays.make(10_000, three).values(10_000);
    for (int i = 0; i < 10_000; i += 97) {
      assertEquals(first.value(i, 7), second.value(i, 7));
    }
  }

  @Test
  void badNumbersAreRefused() {
    for (String fits : new String[] {"0", "-5", "100000000"}) {
      Outcome outcome = CommandLineRunner.run("demo", "--fits", fits);
      assertEquals(2, outcome.code());
      assertTrue(outcome.err().contains("--fits " + fits + ", expected 1 to "), outcome.err());
    }
  }
}
