package org.nabla4j.cpu.codegen;

import java.lang.reflect.Method;
import java.util.Optional;
import org.nabla4j.cpu.codegen.Target.Flavour;
import org.nabla4j.cpu.codegen.Target.Precision;

/**
 * What this JVM can run: whether the Vector API is there, how many lanes the processor prefers, and
 * whether it multiplies and adds in one instruction. Asked by reflection, so that nothing here
 * needs the incubator module to compile or to load.
 */
final class Machine {

  /** Name of the module that the vector flavour needs. */
  static final String VECTOR_MODULE = "jdk.incubator.vector";

  private static final int WIDEST = 512;
  private static final boolean FMA = detectFma();

  private Machine() {}

  /** The widest vector target, or nothing where this JVM has no (useful) vectors. */
  static Optional<Target> vector(Precision precision) {
    int bits = Bits.PREFERRED;
    int element = precision == Precision.DOUBLE ? Double.SIZE : Float.SIZE;
    return bits < 2 * element
        ? Optional.empty()
        : Optional.of(new Target(Flavour.VECTOR, precision, Math.min(bits, WIDEST) / element, FMA));
  }

  /** The scalar target, always there. */
  static Target scalar(Precision precision) {
    return Target.scalar(precision, FMA);
  }

  static boolean hasFma() {
    return FMA;
  }

  /** Loaded only when vectors are asked for: the first touch of the Vector API takes a while. */
  private static final class Bits {
    static final int PREFERRED = preferred();

    private static int preferred() {
      Optional<Module> module = ModuleLayer.boot().findModule(VECTOR_MODULE);
      if (module.isEmpty()) {
        return 0;
      }
      Machine.class.getModule().addReads(module.get());
      try {
        Class<?> vector = Class.forName(VECTOR_MODULE + ".DoubleVector");
        Object species = vector.getField("SPECIES_PREFERRED").get(null);
        Method bits = Class.forName(VECTOR_MODULE + ".VectorSpecies").getMethod("vectorBitSize");
        return (int) bits.invoke(species);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("module " + VECTOR_MODULE + " is not as expected", e);
      }
    }
  }

  /**
   * Without the instruction {@code Math.fma} computes with big decimals, some thousand times
   * slower: timing it tells, whatever the processor or the JVM's flags are.
   */
  private static boolean detectFma() {
    double best = Double.MAX_VALUE;
    double sum = 0;
    for (int round = 0; round < 5; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < 20; i++) {
        sum = Math.fma(sum, 0.5, 1 + i);
      }
      best = Math.min(best, (double) (System.nanoTime() - start));
    }
    // 20 calls: some 2 µs interpreted with the intrinsic, more than 20 µs with big decimals
    return best < 20e3 && sum > 0;
  }
}
