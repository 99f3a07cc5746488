package org.nabla4j.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nabla4j help}: the same as {@code --help} after the command, or alone. */
@Command(name = "help", description = "Shows the help of a command, or of formulas.")
final class HelpCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "COMMAND",
      description = "The command, or formula for the language of --formula; none for a list.")
  private String command;

  HelpCommand() {}

  @Override
  public Integer call() {
    CommandLine all = spec.commandLine().getParent();
    if (FormulaHelp.TOPICS.contains(String.valueOf(command))) {
      all.getOut().print(FormulaHelp.text());
      all.getOut().flush();
      return Main.SUCCESS;
    }
    CommandLine asked = command == null ? all : all.getSubcommands().get(command);
    if (asked == null) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "there is no command '"
              + command
              + "', expected one of "
              + String.join(", ", all.getSubcommands().keySet())
              + ", formula");
    }
    asked.usage(all.getOut());
    return Main.SUCCESS;
  }
}
