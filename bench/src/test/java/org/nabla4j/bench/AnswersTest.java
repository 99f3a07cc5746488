package org.nabla4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The judge, and the peers before it. */
class AnswersTest {

  private static final int FITS = 20;

  @ParameterizedTest
  @EnumSource(Problems.Kind.class)
  void peersAreRight(Problems.Kind kind) {
    BenchProblem problem = Problems.easy(kind, FITS);
    Answers answers = new Answers(problem, FITS);
    for (Peer peer : Peer.values()) {
      Answers.Verdict verdict = answers.judge(peer.solveAll(problem, 1e-12, FITS), 1e-9);
      assertEquals(FITS, verdict.checked());
      assertEquals(0, verdict.wrong(), verdict::toString);
    }
  }

  @Test
  void referenceIsNoWorseThanAnyPeer() {
    BenchProblem problem = Problems.easy(Problems.Kind.GAUSSIAN_2D, FITS);
    Answers answers = new Answers(problem, FITS);
    double[] all = Peer.HIPPARCHUS.solveAll(problem, 1e-14, FITS);
    double[] theta = new double[problem.parameters()];
    for (int i = 0; i < FITS; i++) {
      System.arraycopy(all, i * theta.length, theta, 0, theta.length);
      assertTrue(answers.excess(i, theta) > -1e-12);
    }
  }

  @Test
  void refusesStartsAndNaN() {
    BenchProblem problem = Problems.easy(Problems.Kind.DECAY, FITS);
    Answers answers = new Answers(problem, FITS);
    double[] all = new double[FITS * problem.parameters()];
    for (int i = 0; i < FITS; i++) {
      System.arraycopy(problem.start(i), 0, all, i * problem.parameters(), problem.parameters());
    }
    all[0] = Double.NaN;
    Answers.Verdict verdict = answers.judge(all, 1e-3);
    assertEquals(FITS, verdict.wrong());
    assertThrows(IllegalStateException.class, () -> Answers.require(verdict, "starts", 0.5));
  }
}
