package org.nabla4j.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nabla4j help}: the same as {@code --help} after the command, or alone. */
@Command(name = "help", description = "Shows the help of a command.")
final class HelpCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "COMMAND",
      description = "The command; none for a list of all.")
  private String command;

  HelpCommand() {}

  @Override
  public Integer call() {
    CommandLine all = spec.commandLine().getParent();
    CommandLine asked = command == null ? all : all.getSubcommands().get(command);
    if (asked == null) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "there is no command '"
              + command
              + "', expected one of "
              + String.join(", ", all.getSubcommands().keySet()));
    }
    asked.usage(all.getOut());
    return Main.SUCCESS;
  }
}
