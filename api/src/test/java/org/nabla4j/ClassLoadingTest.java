package org.nabla4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nabla4j.testing.PlainArrayFit;

/** Fitting plain arrays loads nothing of ND4J, whose start takes longer than a fit. */
class ClassLoadingTest {

  @Test
  @Timeout(120)
  void plainArraysDoNotStartNd4j() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-Xlog:class+load:stdout",
                "-cp",
                System.getProperty("java.class.path"),
                PlainArrayFit.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(1, TimeUnit.MINUTES));
    assertEquals(0, process.exitValue(), output);
    assertTrue(output.contains("standard error"), output);
    List<String> loaded =
        output
            .lines()
            .filter(line -> line.contains(" org.nd4j.") || line.contains(" org.bytedeco."))
            .toList();
    assertEquals(List.of(), loaded);
  }
}
