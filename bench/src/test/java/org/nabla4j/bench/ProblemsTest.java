package org.nabla4j.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.Precision;

/** The data are what they are said to be. */
class ProblemsTest {

  @ParameterizedTest
  @EnumSource(Problems.Kind.class)
  void areTheSameEveryTimeAndWhateverTheBatch(Problems.Kind kind) {
    BenchProblem few = Problems.easy(kind, 3);
    BenchProblem many = Problems.easy(kind, 5);
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(few.response(i), many.response(i));
      assertArrayEquals(few.start(i), many.start(i));
      assertArrayEquals(few.truth(i), many.truth(i));
    }
  }

  @ParameterizedTest
  @EnumSource(Problems.Kind.class)
  void startsAreOffByAsMuchAsSaid(Problems.Kind kind) {
    double least = kind == Problems.Kind.GPUFIT ? 0 : 0.1;
    double most = kind == Problems.Kind.GPUFIT ? 0.1 : 0.2;
    BenchProblem easy = Problems.easy(kind, 20);
    BenchProblem wide = Problems.wide(kind, 20);
    for (int i = 0; i < 20; i++) {
      for (int j = 0; j < easy.parameters(); j++) {
        double off = Math.abs(easy.start(i)[j] / easy.truth(i)[j] - 1);
        assertTrue(off >= least - 1e-12 && off <= most + 1e-12, () -> "off by " + off);
        double factor = wide.start(i)[j] / wide.truth(i)[j];
        assertTrue(factor >= 0.4 - 1e-12 && factor <= 2.5 + 1e-12, () -> "factor " + factor);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Problems.Kind.class)
  void noiseIsOneToFourPercentOfTheAmplitude(Problems.Kind kind) {
    BenchProblem problem = Problems.easy(kind, 200);
    Answers answers = new Answers(problem, 200);
    double chi = 0;
    ReferenceFit reference = new ReferenceFit(problem);
    for (int i = 0; i < answers.size(); i++) {
      chi += reference.chiSquared(i, problem.truth(i));
    }
    double relative = Math.sqrt(chi / problem.y().length) / problem.truth(0)[0];
    assertTrue(relative > 0.008 && relative < 0.04, () -> "noise " + relative);
  }

  @ParameterizedTest
  @EnumSource(Problems.Kind.class)
  void becomeProblemsOfTheLibrary(Problems.Kind kind) {
    BenchProblem data = Problems.easy(kind, 4);
    for (Precision precision : Precision.values()) {
      LeastSquaresProblem problem = data.curveFit(precision).problem();
      assertEquals(4, problem.problems());
      assertEquals(data.points(), problem.points());
      assertEquals(data.parameters(), problem.parameters().size());
      assertEquals(precision, problem.precision());
    }
  }
}
