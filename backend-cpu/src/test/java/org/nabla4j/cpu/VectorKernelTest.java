package org.nabla4j.cpu;

import org.junit.jupiter.api.Nested;
import org.nabla4j.backend.KernelPreference;

/** The contract of the CPU backend for vector kernels. */
class VectorKernelTest {

  @Nested
  class BatchIndependence extends BatchIndependenceContract {
    BatchIndependence() {
      super(KernelPreference.VECTOR);
    }
  }

  @Nested
  class HipparchusAgreement extends HipparchusAgreementContract {
    HipparchusAgreement() {
      super(KernelPreference.VECTOR);
    }
  }

  @Nested
  class SciPyAgreement extends SciPyAgreementContract {
    SciPyAgreement() {
      super(KernelPreference.VECTOR);
    }
  }

  @Nested
  class MissingData extends MissingDataContract {
    MissingData() {
      super(KernelPreference.VECTOR);
    }
  }

  @Nested
  class Endings extends EndingsContract {
    Endings() {
      super(KernelPreference.VECTOR);
    }
  }

  @Nested
  class DataLayout extends DataLayoutContract {
    DataLayout() {
      super(KernelPreference.VECTOR);
    }
  }

  @Nested
  class RobustErrors extends RobustErrorsContract {
    RobustErrors() {
      super(KernelPreference.VECTOR);
    }
  }

  @Nested
  class FaultyData extends FaultyDataContract {
    FaultyData() {
      super(KernelPreference.VECTOR);
    }
  }

  @Nested
  class HonestEnds extends HonestEndsContract {
    HonestEnds() {
      super(KernelPreference.VECTOR);
    }
  }

  @Nested
  class Newton extends NewtonContract {
    Newton() {
      super(KernelPreference.VECTOR);
    }
  }
}
