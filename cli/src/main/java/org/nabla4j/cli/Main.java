package org.nabla4j.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.nabla4j.backend.BackendException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The command {@code nabla4j}.
 *
 * <p>Exit codes: 0 for success, 1 if a fit or a search did not converge, 2 if the command could not
 * be carried out, with a message on standard error.
 */
@Command(
    name = "nabla4j",
    description =
        "Fit, regress, minimise and solve formulas, compiled to SIMD kernels, and derive them.",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = Version.class,
    footer = {
      "",
      "Examples:",
      "  nabla4j fit --data decay.csv --formula \"y = a*exp(-b*x) + c\" --start a=1,b=0.5,c=0",
      "  nabla4j fit --data wells.csv --formula \"y = a*exp(-b*x)\" --start a=1,b=1 \\",
      "      --group well --out fits.csv",
      "  nabla4j regress --data houses.csv --formula \"log(price) ~ area + C(town)\"",
      "  nabla4j minimize --formula \"100*(x2-x1^2)^2 + (1-x1)^2\" --start x1=-1.2,x2=1",
      "  nabla4j solve --equation \"x*exp(x) = 3\" --start x=1",
      "  nabla4j derive --formula \"x^2*sin(y)\" --at x=1,y=0",
      "  nabla4j demo --plot thurber.png",
      "",
      "Exit codes: 0 success, 1 a fit or a search did not converge, 2 bad input.",
      "Help on a command: nabla4j help COMMAND; on formulas: nabla4j help formula"
    })
public final class Main {

  /** Everything went well. */
  static final int SUCCESS = 0;

  /** A fit or a search did not converge. */
  static final int NOT_CONVERGED = 1;

  /** The command could not be carried out. */
  static final int BAD_INPUT = 2;

  private static final int HELP_WIDTH = 100;

  /** The command that shows the help of others. */
  private static final String HELP = "help";

  @SuppressWarnings("UnusedVariable") // For picocli alone.
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help and exit.")
  private boolean help;

  @SuppressWarnings("UnusedVariable") // For picocli alone.
  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version and exit.")
  private boolean version;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of an error.")
  private boolean verbose;

  private Main() {}

  /**
   * Runs a command and ends the virtual machine with its exit code.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    // Plots are drawn to files only; a display must not even be looked for.
    System.setProperty("java.awt.headless", "true");
    StandardOutput output = StandardOutput.ofProcess();
    PrintStream out = stream(output, "stdout.encoding");
    PrintStream err = stream(new FileOutputStream(FileDescriptor.err), "stderr.encoding");
    // Only the launcher can tell whether standard error is a terminal.
    boolean terminal = Boolean.getBoolean("nabla4j.terminal");
    int code = run(new Console(out, err, terminal), arguments);
    out.flush();
    if (output.loss() != null) {
      err.println("nabla4j: standard output: " + output.loss());
      code = BAD_INPUT;
    }
    err.flush();
    System.exit(code);
  }

  /** Text is UTF-8 unless a Windows console has its own code page. */
  private static PrintStream stream(OutputStream target, String property) {
    boolean windows = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("win");
    String encoding = windows ? System.getProperty(property, "") : "";
    Charset charset =
        !encoding.isEmpty() && Charset.isSupported(encoding)
            ? Charset.forName(encoding)
            : StandardCharsets.UTF_8;
    return new PrintStream(new BufferedOutputStream(target, 1 << 13), true, charset);
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }

  /**
   * Runs a command.
   *
   * @param console where it writes
   * @param arguments the command line
   * @return the exit code
   */
  static int run(Console console, String... arguments) {
    Main main = new Main();
    CommandLine line = new CommandLine(main);
    addCommands(line, console, arguments.length > 0 ? arguments[0] : "");
    // From here on everything set holds for the commands too.
    line.setUsageHelpWidth(HELP_WIDTH).setOut(writer(console.out())).setErr(writer(console.err()));
    if (!console.terminal()) {
      line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    }
    line.setExecutionStrategy(
        parsed -> {
          if (!parsed.hasSubcommand()
              && !parsed.isUsageHelpRequested()
              && !parsed.isVersionHelpRequested()) {
            line.usage(console.err());
            return BAD_INPUT;
          }
          return new CommandLine.RunLast().execute(parsed);
        });
    line.setParameterExceptionHandler(
        (thrown, given) -> {
          CommandLine.ParameterException e = clearer(thrown);
          String command = e.getCommandLine().getCommandSpec().qualifiedName();
          complain(
              console,
              String.valueOf(e.getMessage()),
              suggestion(e) + "see " + command + " --help");
          trace(console, main.verbose, e);
          return BAD_INPUT;
        });
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          explain(console, e);
          trace(console, main.verbose, e);
          return BAD_INPUT;
        });
    try {
      return line.execute(arguments);
    } catch (OutOfMemoryError e) {
      explain(console, e);
      trace(console, main.verbose, e);
      return BAD_INPUT;
    }
  }

  /** An option that is not known may be the one that is missed: it is told first. */
  private static CommandLine.ParameterException clearer(CommandLine.ParameterException e) {
    List<String> unmatched = e.getCommandLine().getUnmatchedArguments();
    return e instanceof CommandLine.MissingParameterException && !unmatched.isEmpty()
        ? new CommandLine.UnmatchedArgumentException(e.getCommandLine(), unmatched.subList(0, 1))
        : e;
  }

  /** What a word that is neither option nor command may have meant, empty if nothing is near. */
  private static String suggestion(CommandLine.ParameterException e) {
    if (!(e instanceof CommandLine.UnmatchedArgumentException unmatched)) {
      return "";
    }
    if (!unmatched.getSuggestions().isEmpty()) {
      return "did you mean " + String.join(" or ", unmatched.getSuggestions()) + "? ";
    }
    // Only the command without a name of its own has commands below it.
    String commands = String.join(", ", e.getCommandLine().getSubcommands().keySet());
    return commands.isEmpty() || unmatched.isUnknownOption()
        ? ""
        : "the commands are " + commands + "; ";
  }

  /** Says what went wrong in the user's terms. */
  private static void explain(Console console, Throwable e) {
    if (e instanceof InputException input) {
      complain(console, input.getMessage(), input.hint());
    } else if (e instanceof IllegalArgumentException || e instanceof BackendException) {
      complain(console, String.valueOf(e.getMessage()), "");
    } else if (e instanceof IOException || e instanceof UncheckedIOException) {
      complain(console, OutputFile.reason(e), "");
    } else if (e instanceof OutOfMemoryError) {
      complain(
          console,
          "not enough memory: " + e.getMessage(),
          "give Java more, such as NABLA4J_JAVA_OPTS=-Xmx8g, or fit fewer data at a time");
    } else {
      complain(console, "internal error: " + e, "--verbose shows where; please report it");
    }
  }

  private static void complain(Console console, String message, String hint) {
    console.err().println("nabla4j: " + plain(message));
    if (!hint.isEmpty()) {
      console.err().println("  " + plain(hint));
    }
  }

  /** A message may quote a file: nothing in it may steer the terminal. */
  private static String plain(String message) {
    StringBuilder text = new StringBuilder(message);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) && c != '\n') {
        text.setCharAt(i, '?');
      }
    }
    return text.toString();
  }

  private static void trace(Console console, boolean verbose, Throwable e) {
    if (verbose) {
      e.printStackTrace(console.err());
    }
  }

  /**
   * Adds the command that is asked for, or all of them where it is none or help: reading the
   * options of a command takes a noticeable part of a short run.
   */
  private static void addCommands(CommandLine line, Console console, String asked) {
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("fit", () -> new FitCommand(console));
    commands.put("minimize", () -> new MinimizeCommand(console));
    commands.put("regress", () -> new RegressCommand(console));
    commands.put("solve", () -> new SolveCommand(console));
    commands.put("derive", () -> new DeriveCommand(console));
    commands.put("demo", () -> new DemoCommand(console));
    commands.put("devices", () -> new DevicesCommand(console));
    commands.put(HELP, HelpCommand::new);
    commands.forEach(
        (name, command) -> {
          if (name.equals(asked) || asked.equals(HELP) || !commands.containsKey(asked)) {
            line.addSubcommand(name, new CommandLine(command.get()).setUsageHelpWidth(HELP_WIDTH));
          }
        });
  }
}
