package org.nabla4j.cli;

import picocli.CommandLine.IVersionProvider;

/** The version of the program and of the Java that runs it. */
final class Version implements IVersionProvider {

  Version() {}

  @Override
  public String[] getVersion() {
    return new String[] {"nabla4j " + program(), java()};
  }

  /** The version out of the jar's manifest; none when run from classes. */
  static String program() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "(development)" : version;
  }

  static String java() {
    return "Java "
        + System.getProperty("java.version")
        + ", "
        + System.getProperty("java.vm.name")
        + ", "
        + System.getProperty("os.name")
        + " "
        + System.getProperty("os.arch");
  }
}
