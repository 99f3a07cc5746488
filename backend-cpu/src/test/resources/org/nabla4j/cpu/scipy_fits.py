"""Makes scipy_fits.txt: bounded and robust fits solved by SciPy's least_squares to its last digits.

Standard errors are those that statsmodels' RLM calls H1 (Huber 1981, section 7.6), at unit scale;
with the linear loss they are the usual ones.

Run: python3 scipy_fits.py > scipy_fits.txt
"""
import sys

import numpy as np
from scipy.optimize import least_squares

exp, log, sin = np.exp, np.log, np.sin
MODELS = {
    "decay": ("a*exp(-b*x) + c", "a b c", lambda t, x: t[0] * exp(-t[1] * x) + t[2],
              [2.0, 0.8, 0.5], (0.0, 6.0)),
    "gaussian": ("a*exp(-(x-m)^2/(2*s^2)) + d", "a m s d",
                 lambda t, x: t[0] * exp(-((x - t[1]) ** 2) / (2 * t[2] ** 2)) + t[3],
                 [3.0, 0.2, 0.7, 0.5], (-3.0, 3.0)),
    "line": ("a + b*x", "a b", lambda t, x: t[0] + t[1] * x, [1.0, 2.0], (0.0, 5.0)),
}
INF = np.inf


def tukey(z):
    inside = z <= 1
    rho = np.where(inside, z * (1 - z * (1 - z / 3)), 1 / 3)
    return np.array([rho, np.where(inside, (1 - z) ** 2, 0), np.where(inside, 2 * (z - 1), 0)])


def jacobian(f, x):
    def jac(t):
        columns = []
        for j in range(len(t)):
            u = np.array(t, dtype=complex)
            u[j] += 1e-30j
            columns.append(f(u, x).imag / 1e-30)
        return np.array(columns).T
    return jac


RHO = {
    "linear": (lambda z: z, lambda z: 1 + 0 * z),
    "huber": (lambda z: np.where(z <= 1, z, 2 * np.sqrt(z) - 1),
              lambda z: np.where(z <= 1, 1, 1 / np.sqrt(np.maximum(z, 1)))),
    "soft_l1": (lambda z: 2 * (np.sqrt(1 + z) - 1), lambda z: 1 / np.sqrt(1 + z)),
    "cauchy": (np.log1p, lambda z: 1 / (1 + z)),
    "tukey": (lambda z: tukey(z)[0], lambda z: tukey(z)[1]),
}

# slope of psi(r) = r rho'(r^2) at delta = 1, z = r^2
SLOPE = {
    "linear": lambda z: 1 + 0 * z,
    "huber": lambda z: np.where(z <= 1, 1.0, 0.0),
    "soft_l1": lambda z: (1 + z) ** -1.5,
    "cauchy": lambda z: (1 - z) / (1 + z) ** 2,
    "tukey": lambda z: np.where(z <= 1, (1 - z) * (1 - 5 * z), 0),
}


def errors(jac, residuals, loss, delta):
    n, p = jac.shape
    z = (residuals / delta) ** 2
    psi = residuals * RHO[loss][1](z)
    slope = SLOPE[loss](z)
    m = np.mean(slope)
    k = 1 + p / n * np.var(slope) / m**2
    covariance = k**2 * (np.sum(psi**2) / (n - p)) / m**2 * np.linalg.inv(jac.T @ jac)
    return np.sqrt(np.diag(covariance))


def case(name, model, start, lower=None, upper=None, loss="linear", delta=1.0, n=30, outliers=0,
         noise=0.05, seed=0):
    text, names, f, truth, (first, last) = MODELS[model]
    p = len(truth)
    rng = np.random.default_rng([seed, len(name)])
    x = np.round(np.linspace(first, last, n), 6)
    y = f(np.array(truth), x) + noise * rng.standard_normal(n)
    for k in rng.choice(n, outliers, replace=False):
        y[k] += rng.choice([-1, 1]) * (0.5 + rng.random())
    y = np.round(y, 6)
    lower = np.full(p, -INF) if lower is None else np.array(lower, float)
    upper = np.full(p, INF) if upper is None else np.array(upper, float)
    jac = jacobian(f, x)
    rho, weight = RHO[loss]
    residual = lambda t: f(t, x) - y
    cost = lambda t: 0.5 * delta**2 * np.sum(rho((residual(t) / delta) ** 2))

    def gradient(t):
        r = residual(t)
        return jac(t).T @ (weight((r / delta) ** 2) * r)

    inside = np.clip(start, np.where(np.isfinite(lower), lower + 1e-9, -INF),
                     np.where(np.isfinite(upper), upper - 1e-9, INF))
    fit = least_squares(residual, inside, jac, bounds=(lower, upper), method="dogbox",
                        loss=tukey if loss == "tukey" else loss, f_scale=delta,
                        ftol=1e-15, xtol=1e-15, gtol=1e-15, max_nfev=5000)
    # Newton steps in the parameters that are not at a bound give the remaining digits
    t = fit.x
    g = gradient(t)
    free = ~(((t <= lower) & (g >= 0)) | ((t >= upper) & (g <= 0)))
    for _ in range(8):
        if not free.any():
            break
        indices = np.flatnonzero(free)
        hessian = np.empty((len(indices), len(indices)))
        for c, j in enumerate(indices):
            h = 1e-5 * max(1, abs(t[j]))
            e = np.zeros(p)
            e[j] = h
            hessian[:, c] = (gradient(t + e) - gradient(t - e))[indices] / (2 * h)
        t = t.copy()
        t[indices] -= np.linalg.solve(hessian, gradient(t)[indices])
    assert np.all(t >= lower) and np.all(t <= upper), name
    assert np.allclose(t, fit.x, rtol=1e-5), (name, t, fit.x)
    g = gradient(t)
    assert np.all(np.abs(g[free]) < 1e-11), (name, g)
    assert np.all(g[t <= lower] >= 0) and np.all(g[t >= upper] <= 0), name
    number = lambda values: " ".join(
        "Infinity" if v == INF else "-Infinity" if v == -INF else repr(float(v)) for v in values)
    print("case", name)
    print("formula", text)
    print("parameters", names)
    print("start", number(start))
    print("lower", number(lower))
    print("upper", number(upper))
    print("loss", loss, delta)
    print("x", number(x))
    print("y", number(y))
    print("theta", number(t))
    print("cost", repr(float(cost(t))))
    print("errors", number(errors(jac(t), residual(t), loss, delta)))
    print()


def main():
    decay = [1.0, 0.5, 0.2]
    bell = [2.5, 0.0, 1.0, 0.3]
    case("solution inside", "decay", decay, [0, 0, 0], [10, 10, 10])
    case("half open", "decay", decay, [0, -INF, -INF], [INF, INF, 5])
    case("one at its lower bound", "decay", [1.0, 0.5, 0.7], [0, 0, 0.6], [10, 10, 10])
    case("one at its upper bound", "decay", decay, [0, 0, 0], [10, 0.6, 10])
    case("two at bounds", "decay", [1.0, 0.5, 0.7], [0, 0, 0.6], [1.7, 10, 10])
    case("all at bounds", "line", [0.3, 1.0], [0, 0], [0.5, 1.5])
    case("start at a lower bound, solution inside", "decay", [1, 0, 0], [0, 0, 0], [10, 10, 10])
    case("start at upper bounds, solution inside", "gaussian", [5, 1, 1.5, 1], [0, -1, 0.1, 0],
         [5, 1, 1.5, 1])
    case("start and solution at a bound", "gaussian", [2.5, 0.3, 1, 0.3], [0, 0.3, 0.1, 0],
         [9, 9, 9, 9])
    case("start at the wrong bound", "line", [0, 1.5], [0, 0], [0.5, 1.5])
    case("start at all lower bounds", "gaussian", [1, -0.5, 0.4, 0.2], [1, -0.5, 0.4, 0.2],
         [9, 2, 3, 2])
    for loss in ("huber", "soft_l1", "cauchy", "tukey"):
        for delta in (0.1, 0.5):
            scale = 3 * delta if loss == "tukey" else delta
            case(f"{loss} {delta}, decay", "decay", decay if loss != "tukey" else [1.9, 0.75, 0.5],
                 loss=loss, delta=scale, outliers=5, n=40)
            case(f"{loss} {delta}, Gaussian", "gaussian",
                 bell if loss != "tukey" else [2.9, 0.2, 0.75, 0.5], loss=loss, delta=scale,
                 outliers=4, n=40)
        case(f"{loss} and a bound", "decay", [1.9, 0.75, 0.6], [0, 0, 0.58], [10, 10, 10],
             loss=loss, delta=0.6 if loss == "tukey" else 0.2, outliers=5, n=40)
        case(f"{loss}, line", "line", [1.1, 1.9], loss=loss, delta=0.9 if loss == "tukey" else 0.2,
             outliers=6)


if __name__ == "__main__":
    sys.exit(main())
