"""NumPy on the rows of RegressionBenchmark and LogisticRegressionBenchmark, one thread.

A linear regression by lstsq, and one Newton iteration of logistic regression: linear predictor,
means, weights, curvature, score and step. Columns of the same shapes and distribution; of several
repetitions the best counts.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python3 bench/peers/regression.py [numbers [p ...]]
"""

import os
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    if os.environ.get(name) != "1":
        raise SystemExit(f"{name} = {os.environ.get(name)}, expected 1")

import numpy

NOISE = 0.5
REPETITIONS = 3


def truth(size, p):
    j = numpy.arange(1, p + 1)
    sign = numpy.where(j % 2 == 0, -1.0, 1.0)
    return numpy.concatenate([[0.5], sign * size / numpy.sqrt(p) * (0.5 + j / p)])


def data(size, p, rows):
    """Design with intercept, row by row as NumPy has it, and the linear predictor."""
    random = numpy.random.default_rng(11)
    x = numpy.empty((rows, p + 1))
    x[:, 0] = 1
    x[:, 1:] = random.random((rows, p)) - 0.5
    return random, x, x @ truth(size, p)


def best(run):
    times = []
    for _ in range(REPETITIONS):
        begun = time.perf_counter()
        result = run()
        times.append(time.perf_counter() - begun)
    return min(times), result


def check_orthogonal(x, residuals, tolerance, what):
    cosine = numpy.abs(x.T @ residuals) / numpy.sqrt((x * x).sum(0) * (residuals @ residuals))
    if not cosine.max() <= tolerance:
        raise SystemExit(f"{what}: residuals are not orthogonal to the columns, {cosine.max()}")


def linear(p, rows):
    random, x, eta = data(6, p, rows)
    y = eta + NOISE * numpy.sqrt(12) * (random.random(rows) - 0.5)
    seconds, beta = best(lambda: numpy.linalg.lstsq(x, y, rcond=None)[0])
    check_orthogonal(x, y - x @ beta, 1e-9, "lstsq")
    return rows / seconds


def newton(x, y, beta):
    eta = x @ beta
    mean = 1 / (1 + numpy.exp(-eta))
    weight = mean * (1 - mean)
    curvature = x.T @ (x * weight[:, None])
    return beta + numpy.linalg.solve(curvature, x.T @ (y - mean))


def logistic(p, rows):
    random, x, eta = data(3, p, rows)
    y = (random.random(rows) < 1 / (1 + numpy.exp(-eta))).astype(float)
    seconds, beta = best(lambda: newton(x, y, numpy.zeros(p + 1)))
    for _ in range(8):
        beta = newton(x, y, beta)
    check_orthogonal(x, y - 1 / (1 + numpy.exp(-(x @ beta))), 1e-9, "Newton")
    return rows / seconds


arguments = [int(argument) for argument in sys.argv[1:]]
numbers = arguments[0] if arguments else 10_000_000
print(f"NumPy {numpy.__version__}, one thread, {numbers} numbers")
print("| p | rows | lstsq, M rows/s | Newton iteration, M rows/s |")
print("| ---: | ---: | ---: | ---: |")
for p in arguments[1:] or [5, 20, 100]:
    rows = numbers // (p + 1)
    print(f"| {p} | {rows} | {1e-6 * linear(p, rows):.3f} | {1e-6 * logistic(p, rows):.3f} |")
