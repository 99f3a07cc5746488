package org.nabla4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.nabla4j.backend.Availability;
import org.nabla4j.backend.Backend;
import org.nabla4j.backend.BackendException;
import org.nabla4j.backend.Backends;
import org.nabla4j.backend.Cancellation;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.IterationListener;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.backend.ProgressListener;
import org.nabla4j.calculus.Linearization;
import org.nabla4j.calculus.SecondOrderTaylor;
import org.nabla4j.calculus.StationaryPoint;
import org.nabla4j.calculus.Taylor;
import org.nabla4j.data.Column;
import org.nabla4j.data.CsvRows;
import org.nabla4j.data.ReplayRows;
import org.nabla4j.data.RowBlock;
import org.nabla4j.data.RowColumns;
import org.nabla4j.data.RowReader;
import org.nabla4j.data.Rows;
import org.nabla4j.data.TableBuilder;
import org.nabla4j.data.Tables;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;
import org.nabla4j.expression.Op;
import org.nabla4j.expression.Topology;
import org.nabla4j.method.Covariance;
import org.nabla4j.method.GaussNewton;
import org.nabla4j.method.GradientDescent;
import org.nabla4j.method.LeastSquaresMethod;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.method.MinimizationMethod;
import org.nabla4j.method.NewtonRaphson;
import org.nabla4j.method.RootFinding;
import org.nabla4j.method.StepRule;
import org.nabla4j.objective.CodedModel;
import org.nabla4j.objective.CodedObjective;
import org.nabla4j.objective.Constraint;
import org.nabla4j.objective.DerivativeCheck;
import org.nabla4j.objective.DifferentiableObjective;
import org.nabla4j.objective.Equation;
import org.nabla4j.objective.EquationProblem;
import org.nabla4j.objective.FormulaModel;
import org.nabla4j.objective.FormulaObjective;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.Loss;
import org.nabla4j.objective.MinimizationProblem;
import org.nabla4j.objective.MissingData;
import org.nabla4j.objective.NumericalDerivatives;
import org.nabla4j.objective.Objective;
import org.nabla4j.objective.Points;
import org.nabla4j.objective.Precision;
import org.nabla4j.objective.ResidualModel;
import org.nabla4j.objective.SameDiffObjective;
import org.nabla4j.objective.SigmaKind;
import org.nabla4j.objective.StartGuess;
import org.nabla4j.objective.SummedObjective;
import org.nabla4j.objective.TwiceDifferentiableObjective;
import org.nabla4j.regression.Accuracy;
import org.nabla4j.regression.BatchRegression;
import org.nabla4j.regression.DependentColumns;
import org.nabla4j.regression.Design;
import org.nabla4j.regression.DesignOptions;
import org.nabla4j.regression.Diagnostics;
import org.nabla4j.regression.ElasticNet;
import org.nabla4j.regression.ElasticNetPath;
import org.nabla4j.regression.Family;
import org.nabla4j.regression.GlmOptions;
import org.nabla4j.regression.OlsOptions;
import org.nabla4j.regression.Predictions;
import org.nabla4j.regression.RegressionAccumulator;
import org.nabla4j.regression.RegressionFit;
import org.nabla4j.regression.RegressionFits;
import org.nabla4j.regression.RegressionFormula;
import org.nabla4j.regression.RegressionStatus;
import org.nabla4j.regression.RobustErrors;
import org.nabla4j.regression.RowPass;
import org.nabla4j.regression.RowSums;
import org.nabla4j.result.BatchFit;
import org.nabla4j.result.BatchMinima;
import org.nabla4j.result.BatchResult;
import org.nabla4j.result.BatchRoots;
import org.nabla4j.result.FitResult;
import org.nabla4j.result.Minima;
import org.nabla4j.result.Minimum;
import org.nabla4j.result.Root;
import org.nabla4j.result.Status;
import org.nabla4j.testing.ReferenceBackend;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Whatever callers use says which of its arguments is null. */
class NullArgumentsTest {

  private static final double[] X = {0, 1, 2};

  /** Arguments that may be null. */
  private static final Set<String> OPTIONAL = Set.of("Design.weight", "Design.offset");

  /** Arguments, and objects to call, by type. */
  private final Map<Class<?>, Object> samples = new HashMap<>();

  private <T> void sample(Class<T> type, T value) {
    samples.put(type, value);
  }

  private void fillSamples() {
    sample(String.class, "a");
    sample(String[].class, new String[] {"x"});
    sample(double[].class, new double[] {1, 2, 3});
    sample(float[].class, new float[] {1, 2, 3});
    sample(boolean[].class, new boolean[] {false});
    sample(double[][].class, new double[][] {{1, 2, 3}});
    sample(float[][].class, new float[][] {{1, 2, 3}});
    sample(INDArray.class, Nd4j.createFromArray(1.0, 2.0, 3.0));
    sample(List.class, List.of("a"));
    sample(Map.class, Map.of("x", X));
    BiFunction<Object, Object, Expression> code = (p, x) -> Expression.symbol("a");
    sample(BiFunction.class, code);
    sample(IntConsumer.class, worker -> {});
    sample(Column.class, Column.shared(1, 2, 3));
    sample(Expression.class, Expression.symbol("a"));
    sample(Expression[].class, new Expression[] {Expression.symbol("a")});
    sample(Op.class, Op.SIN);
    Formula formula = Formula.parse("y = a*x");
    sample(Formula.class, formula);
    CodedModel coded = CodedModel.of(List.of("a"), List.of("x", "y"), (theta, data) -> data[1]);
    sample(CodedModel.class, coded);
    sample(CodedModel.Residuals.class, (theta, data) -> data[1]);
    sample(CodedModel.Jacobian.class, (theta, data) -> data[1]);
    FormulaModel model =
        FormulaModel.of(
            Expression.symbol("y"), formula.expression(), List.of("a"), List.of("x", "y"));
    sample(FormulaModel.class, model);
    sample(ResidualModel.class, model);
    CurveFit curve = CurveFit.of(formula).backend("reference").start(1);
    sample(CurveFit.class, curve);
    sample(Derive.class, Derive.of("a"));
    sample(Taylor.class, Taylor.of("a", "a", 0, 1));
    SecondOrderTaylor expansion = SecondOrderTaylor.of(Expression.symbol("a"), List.of("a"), 1);
    sample(SecondOrderTaylor.class, expansion);
    sample(StationaryPoint.class, expansion.stationaryPoint());
    sample(Linearization.class, Linearization.of(List.of(Expression.symbol("a")), List.of("a"), 1));
    sample(Topology.class, new Topology(List.of(Expression.symbol("a"))));
    FitResult fit = curve.fit(X, X);
    sample(FitResult.class, fit);
    sample(LeastSquaresProblem.class, fit.problem());
    sample(LeastSquaresProblem.Builder.class, LeastSquaresProblem.builder(model));
    BatchFit batch = curve.fitBatch(X, new double[][] {X});
    sample(BatchFit.class, batch);
    sample(
        BatchFit.Builder.class,
        BatchFit.builder(fit.problem(), LevenbergMarquardt.defaults(), "test", "none"));
    fillMinimization(formula);
    fillEquations();
    fillRegression();
    fillTables();
    sample(BatchResult.class, batch);
    sample(Status.class, Status.CANCELLED);
    sample(LevenbergMarquardt.class, LevenbergMarquardt.defaults());
    sample(GaussNewton.class, GaussNewton.defaults());
    sample(LeastSquaresMethod.class, GaussNewton.defaults());
    sample(Covariance.class, Covariance.FULL);
    sample(Loss.class, Loss.linear());
    sample(MissingData.class, MissingData.OMIT);
    sample(Precision.class, Precision.DOUBLE);
    sample(SigmaKind.class, SigmaKind.ABSOLUTE);
    sample(StartGuess.class, StartGuess.POWER_LAW);
    sample(Execution.class, Execution.defaults());
    sample(KernelPreference.class, KernelPreference.AUTO);
    sample(Cancellation.class, new Cancellation());
    sample(ProgressListener.class, (done, total) -> {});
    sample(Backend.class, new ReferenceBackend());
    sample(Availability.class, Availability.usable("tested"));
    sample(BackendException.class, new BackendException("tested"));
    sample(Backends.Entry.class, Backends.list().get(0));
  }

  private void fillMinimization(Formula formula) {
    sample(ToDoubleFunction.class, (ToDoubleFunction<double[]>) theta -> 0);
    sample(UnaryOperator.class, UnaryOperator.<INDArray>identity());
    sample(Function.class, (Function<List<Expression>, Expression>) p -> p.get(0));
    sample(CodedObjective.Gradient.class, (theta, gradient) -> 0);
    sample(CodedObjective.Hessian.class, (theta, hessian) -> {});
    TwiceDifferentiableObjective code =
        CodedObjective.of(List.of("a"), t -> 0, (t, g) -> 0, (t, h) -> {});
    sample(Objective.class, code);
    sample(DifferentiableObjective.class, code);
    sample(TwiceDifferentiableObjective.class, code);
    FormulaObjective objective =
        FormulaObjective.of(formula.expression(), List.of("a"), List.of("x"), List.of())
            .constant("x", Column.shared(1));
    sample(FormulaObjective.class, objective);
    sample(SummedObjective.class, objective);
    sample(int[].class, new int[] {0});
    sample(Points.class, Points.of(1));
    sample(Constraint.class, Constraint.parse("a >= 0"));
    sample(NumericalDerivatives.Scheme.class, NumericalDerivatives.Scheme.CENTRAL);
    sample(DerivativeCheck.class, DerivativeCheck.of(code, 1));
    SameDiff graph = SameDiff.create();
    graph.math().square(graph.var("a", Nd4j.scalar(1.0))).sum("loss");
    sample(SameDiff.class, graph);
    sample(SameDiffObjective.class, SameDiffObjective.of(graph, "loss", "a"));
    sample(long[].class, new long[] {0});
    MinimizationProblem problem =
        MinimizationProblem.builder(objective).starts(Column.shared(1)).build();
    sample(MinimizationProblem.class, problem);
    sample(MinimizationProblem.Builder.class, MinimizationProblem.builder(objective));
    sample(Minimize.class, Minimize.of(formula.expression().toString()));
    sample(MinimizationMethod.class, NewtonRaphson.defaults());
    sample(IterationListener.class, (index, iteration, theta, value, norm) -> {});
    BatchMinima.Builder results =
        BatchMinima.builder(problem, NewtonRaphson.defaults(), "test", "none");
    sample(BatchMinima.Builder.class, results);
    BatchMinima minima = results.build();
    sample(BatchMinima.class, minima);
    sample(Minimum.class, minima.get(0));
    sample(Minima.class, Minima.of(minima));
    sample(GradientDescent.class, GradientDescent.defaults());
    sample(StepRule.class, StepRule.backtracking());
  }

  private void fillEquations() {
    Equation equation = Equation.parse("a^2 = 2");
    EquationProblem.Builder builder =
        EquationProblem.builder(List.of(equation), List.of("a")).start("a", Column.shared(1));
    EquationProblem problem = builder.build();
    sample(Equation.class, equation);
    sample(EquationProblem.Builder.class, builder);
    sample(EquationProblem.class, problem);
    sample(RootFinding.class, RootFinding.defaults());
    sample(Solve.class, Solve.of("a^2 = 2"));
    BatchRoots.Builder results =
        BatchRoots.builder(problem, RootFinding.defaults(), "test", "none");
    sample(BatchRoots.Builder.class, results);
    BatchRoots roots = results.build();
    sample(BatchRoots.class, roots);
    sample(Root.class, roots.get(0));
  }

  private void fillRegression() {
    Rows rows = Tables.columns(Map.of("a", X, "x", X));
    RegressionFormula formula = RegressionFormula.parse("a ~ x");
    Regression regression = Regression.ols(formula).backend("reference");
    RegressionFits fits = regression.fitEach(rows);
    Design design = fits.fit(0).design();
    RegressionAccumulator sums = regression.accumulate(rows);
    sample(Rows.class, rows);
    sample(RowColumns.class, RowColumns.of(rows, List.of("a"), new Cancellation()));
    sample(RegressionFormula.class, formula);
    sample(Regression.class, regression);
    sample(RegressionFits.class, fits);
    sample(RegressionFit.class, fits.fit(0));
    sample(RegressionAccumulator.class, sums);
    sample(byte[].class, sums.toBytes());
    sample(Design.class, design);
    sample(DesignOptions.class, DesignOptions.defaults());
    sample(OlsOptions.class, OlsOptions.defaults());
    sample(Accuracy.class, Accuracy.AUTO);
    sample(DependentColumns.class, DependentColumns.DROP);
    sample(RegressionStatus.class, RegressionStatus.SOLVED);
    sample(ElasticNet.class, ElasticNet.of(1, 1));
    sample(ElasticNetPath.class, sums.path(ElasticNet.of(1, 1)));
    sample(RowPass.class, RowPass.counting());
    sample(RowPass.Precision.class, RowPass.Precision.DOUBLE);
    sample(RowSums.class, new RowSums(1, 1, 0, 0));
    sample(Family.class, Family.gaussian());
    sample(GlmOptions.class, GlmOptions.defaults());
    sample(RobustErrors.class, RobustErrors.HC0);
    sample(Diagnostics.Sink.class, diagnostics -> {});
    sample(Predictions.Sink.class, predictions -> {});
    Map<String, Column> columns = Map.of("a", Column.shared(X), "x", Column.shared(X));
    sample(BatchRegression.class, regression.fitBatch(columns));
  }

  private void fillTables() {
    Path file = Path.of("missing.csv");
    sample(Path.class, file);
    sample(InputStream.class, InputStream.nullInputStream());
    sample(CsvRows.class, Tables.csv(file));
    Rows rows = Tables.columns(Map.of("a", X));
    sample(ReplayRows.class, Tables.withReplay(rows));
    try (RowReader reader = rows.read(List.of("a"), List.of())) {
      sample(RowBlock.class, reader.next());
    }
    sample(TableBuilder.class, Tables.builder());
    sample(Rows.Kind.class, Rows.Kind.NUMBER);
    sample(Iterator.class, List.of().iterator());
    sample(Supplier.class, () -> List.of().iterator());
    sample(Callable.class, () -> null);
    sample(DataSource.class, new JdbcDataSource());
  }

  /** Public classes of the packages that callers use. */
  private static List<Class<?>> publicClasses() throws Exception {
    Path root = Path.of(CurveFit.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<Class<?>> classes = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
        String name =
            root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), ".");
        if (name.endsWith("-info.class")) {
          continue;
        }
        Class<?> type = Class.forName(name.substring(0, name.length() - ".class".length()));
        boolean forBackends = type.getPackageName().equals("org.nabla4j.program");
        if (isPublic(type) && !Throwable.class.isAssignableFrom(type) && !forBackends) {
          classes.add(type);
        }
      }
    }
    return classes;
  }

  private static boolean isPublic(Class<?> type) {
    return Modifier.isPublic(type.getModifiers())
        && !type.isSynthetic()
        && (type.getDeclaringClass() == null || isPublic(type.getDeclaringClass()));
  }

  private static List<java.lang.reflect.Executable> members(Class<?> type) {
    List<java.lang.reflect.Executable> members =
        new ArrayList<>(Arrays.asList(type.getConstructors()));
    for (Method method : type.getMethods()) {
      boolean foreign = !method.getDeclaringClass().getName().startsWith("org.nabla4j.");
      boolean generated = method.isBridge() && !method.getDeclaringClass().equals(type);
      boolean ofEnum = type.isEnum() && method.getName().equals("valueOf");
      if (!foreign && !generated && !ofEnum && !method.getName().equals("equals")) {
        members.add(method);
      }
    }
    members.sort(Comparator.comparing(java.lang.reflect.Executable::toString));
    return members;
  }

  private Object argument(Parameter parameter) {
    Class<?> type = parameter.getType();
    if (type == int.class) {
      return 0;
    } else if (type == long.class) {
      return 0L;
    } else if (type == double.class) {
      return 0.5;
    } else if (type == float.class) {
      return 0.5f;
    } else if (type == boolean.class) {
      return false;
    } else if (type == Object.class) {
      return "object";
    }
    return samples.get(type);
  }

  @Test
  void everyNullArgumentIsNamed() throws Exception {
    fillSamples();
    TreeSet<String> wrong = new TreeSet<>();
    int tried = 0;
    for (Class<?> type : publicClasses()) {
      for (java.lang.reflect.Executable member : members(type)) {
        if (Modifier.isAbstract(member.getModifiers())) {
          continue;
        }
        Parameter[] parameters = member.getParameters();
        for (int i = 0; i < parameters.length; i++) {
          String place = type.getSimpleName() + "." + parameters[i].getName();
          if (parameters[i].getType().isPrimitive() || OPTIONAL.contains(place)) {
            continue;
          }
          Object[] arguments = Stream.of(parameters).map(this::argument).toArray();
          for (int k = 0; k < arguments.length; k++) {
            if (k != i && arguments[k] == null) {
              wrong.add("no sample of " + parameters[k].getType());
            }
          }
          arguments[i] = null;
          String message = message(type, member, arguments);
          tried++;
          if (!parameters[i].getName().equals(message)) {
            wrong.add(member.toGenericString() + ", " + parameters[i].getName() + ": " + message);
          }
        }
      }
    }
    assertEquals("", String.join("\n", wrong));
    assertTrue(tried > 200, "only " + tried);
  }

  private String message(Class<?> type, java.lang.reflect.Executable member, Object[] arguments)
      throws Exception {
    try {
      if (member instanceof Constructor<?> constructor) {
        constructor.newInstance(arguments);
      } else {
        Object target =
            Modifier.isStatic(member.getModifiers())
                ? null
                : type.isEnum() ? type.getEnumConstants()[0] : samples.get(type);
        if (target == null && !Modifier.isStatic(member.getModifiers())) {
          return "no object of " + type;
        }
        ((Method) member).invoke(target, arguments);
      }
      return "nothing thrown";
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      return cause instanceof NullPointerException ? cause.getMessage() : cause.toString();
    }
  }

  private static void assertNamed(String expected, Executable code) {
    assertEquals(
        expected + " must not be null",
        assertThrows(NullPointerException.class, code).getMessage());
  }

  @Test
  void nullElementsAreNumbered() {
    CurveFit curve = CurveFit.of("y = a*x");
    assertNamed("names[1]", () -> curve.columns("x", null));
    assertNamed("parameters[0]", () -> curve.fix((String) null));
    assertNamed("parameters[1]", () -> curve.guess(StartGuess.POWER_LAW, new String[] {"a", null}));
    assertNamed("x[1]", () -> curve.data("x", new double[][] {X, null}));
    assertNamed("x[0]", () -> curve.data("x", new float[][] {null, {1, 2, 3}}));
    Map<String, Double> starts = new HashMap<>();
    starts.put("a", null);
    assertEquals(
        "a", assertThrows(NullPointerException.class, () -> curve.start(starts)).getMessage());
    assertNamed("y[1]", () -> curve.fitBatch(X, new double[][] {X, null}));
    assertNamed("values[1]", () -> Column.perProblem(new double[][] {X, null}));
    assertNamed("values[1]", () -> Column.perProblem(new float[][] {{1}, null}));
    assertNamed("arguments[1]", () -> Expression.of(Op.ADD, Expression.symbol("a"), null));
  }
}
