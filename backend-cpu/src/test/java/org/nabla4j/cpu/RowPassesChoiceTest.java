package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.data.RowReader;
import org.nabla4j.data.Rows;
import org.nabla4j.expression.Expression;
import org.nabla4j.regression.Design;
import org.nabla4j.regression.DesignColumn;
import org.nabla4j.regression.RowPasses;

/** Which kernels make sums over rows. */
class RowPassesChoiceTest {

  private record Promise(long count) implements Rows {
    @Override
    public List<Field> fields() {
      return List.of(new Field("x", Kind.NUMBER));
    }

    @Override
    public boolean rereadable() {
      return true;
    }

    @Override
    public RowReader read(List<String> numbers, List<String> categories) {
      throw new AssertionError("nothing is read before a pass");
    }

    @Override
    public String description() {
      return "a promise";
    }
  }

  @ParameterizedTest
  @CsvSource({
    "AUTO, 1000, scalar",
    "AUTO, 10000000, vector",
    "AUTO, -1, vector",
    "SCALAR, 10000000, scalar",
    "VECTOR, 10, vector"
  })
  void choosesByPreferenceAndWork(KernelPreference preference, long rows, String flavour) {
    Expression x = Expression.symbol("x");
    Design design =
        new Design(
            List.of("x"),
            List.of(),
            List.of(),
            List.of(new DesignColumn("x", x, List.of())),
            List.of(x.times(2)),
            null,
            null,
            -1,
            true);
    Execution execution = Execution.defaults().withKernel(preference);
    try (CpuBackend backend = new CpuBackend();
        RowPasses passes = backend.passes(design, new Promise(rows), execution)) {
      assertTrue(passes.kernel().startsWith(flavour), passes.kernel());
    }
  }
}
