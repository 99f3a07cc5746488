package org.nabla4j.cpu;

import org.junit.jupiter.api.Nested;
import org.nabla4j.backend.KernelPreference;

/** The contract of the CPU backend for scalar kernels. */
class ScalarKernelTest {

  @Nested
  class BatchIndependence extends BatchIndependenceContract {
    BatchIndependence() {
      super(KernelPreference.SCALAR);
    }
  }

  @Nested
  class HipparchusAgreement extends HipparchusAgreementContract {
    HipparchusAgreement() {
      super(KernelPreference.SCALAR);
    }
  }

  @Nested
  class SciPyAgreement extends SciPyAgreementContract {
    SciPyAgreement() {
      super(KernelPreference.SCALAR);
    }
  }

  @Nested
  class MissingData extends MissingDataContract {
    MissingData() {
      super(KernelPreference.SCALAR);
    }
  }

  @Nested
  class Endings extends EndingsContract {
    Endings() {
      super(KernelPreference.SCALAR);
    }
  }

  @Nested
  class DataLayout extends DataLayoutContract {
    DataLayout() {
      super(KernelPreference.SCALAR);
    }
  }

  @Nested
  class RobustErrors extends RobustErrorsContract {
    RobustErrors() {
      super(KernelPreference.SCALAR);
    }
  }

  @Nested
  class FaultyData extends FaultyDataContract {
    FaultyData() {
      super(KernelPreference.SCALAR);
    }
  }

  @Nested
  class HonestEnds extends HonestEndsContract {
    HonestEnds() {
      super(KernelPreference.SCALAR);
    }
  }

  @Nested
  class Newton extends NewtonContract {
    Newton() {
      super(KernelPreference.SCALAR);
    }
  }
}
