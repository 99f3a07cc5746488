"""SciPy's L-BFGS-B on the extended Rosenbrock function of 10^5 parameters.

The same function, start and memory as LimitedMemoryBfgsBenchmark, value and gradient in NumPy, one
thread; it stops by the gradient alone, at a size that leaves parameters as accurate.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python3 bench/peers/lbfgs.py
"""

import time

import numpy
import scipy
from scipy.optimize import minimize

PARAMETERS = 100_000


def evaluate(x):
    a = x[0::2]
    valley = x[1::2] - a * a
    rest = 1 - a
    gradient = numpy.empty_like(x)
    gradient[0::2] = -400 * a * valley - 2 * rest
    gradient[1::2] = 200 * valley
    return 100 * (valley @ valley) + rest @ rest, gradient


start = numpy.empty(PARAMETERS)
start[0::2] = -1.2
start[1::2] = 1
times = []
for _ in range(15):
    begun = time.perf_counter()
    result = minimize(
        evaluate,
        start,
        jac=True,
        method="L-BFGS-B",
        options={"maxcor": 10, "gtol": 1e-5, "ftol": 0},
    )
    times.append(1e3 * (time.perf_counter() - begun))
off = numpy.abs(result.x - 1).max()
if not result.success or off > 1e-4:
    raise SystemExit(f"{result.message}, off by {off}")
print(f"SciPy {scipy.__version__}, NumPy {numpy.__version__}")
print(f"{min(times):.0f} to {max(times[2:]):.0f} ms, median {numpy.median(times):.0f} ms")
print(
    f"f {result.fun:.3g}, largest gradient {numpy.abs(result.jac).max():.3g}, parameters off by"
    f" {off:.3g}, {result.nit} iterations, {result.nfev} evaluations"
)
