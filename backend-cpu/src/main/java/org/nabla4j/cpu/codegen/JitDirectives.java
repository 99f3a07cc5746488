package org.nabla4j.cpu.codegen;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells HotSpot to leave generated vector code to C2.
 *
 * <p>C1 runs out of registers on large vector methods; when such a compilation fails while C2 is
 * asked for the method too, the method can stay interpreted for good, a hundred times slower. A
 * compiler directive, given once to the running JVM, keeps C1 away from our classes.
 */
final class JitDirectives {

  private static final Logger LOG = LoggerFactory.getLogger(JitDirectives.class);
  private static boolean done;
  private static volatile boolean excluded;

  private JitDirectives() {}

  static synchronized void keepKernelsOutOfC1() {
    if (done) {
      return;
    }
    done = true;
    try {
      Path file = Files.createTempFile("nabla4j-directives", ".json");
      try {
        Files.writeString(
            file, "[{match: [\"" + ProcedureClass.NAME + "*.*\"], c1: {Exclude: true}}]");
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        Object answer =
            server.invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "compilerDirectivesAdd",
                new Object[] {new String[] {file.toString()}},
                new String[] {String[].class.getName()});
        excluded = true;
        LOG.debug("compiler directives: {}", answer);
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException | JMException | RuntimeException e) {
      LOG.info(
          "this JVM takes no compiler directives ({}): generated kernels may start slowly",
          e.toString());
    }
  }

  /** Whether C1 has been told to leave generated classes alone. */
  static boolean isC1Excluded() {
    return excluded;
  }
}
