package org.nabla4j.backend;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/**
 * Finds backends and chooses among them.
 *
 * <p>{@link #open()} takes the one named by the system property {@code nabla4j.backend}, else by
 * the environment variable {@code NABLA4J_BACKEND}, else the one of highest priority that can run
 * here. A backend that was named and cannot run is an error, never replaced by another.
 */
public final class Backends {

  /** The system property that names a backend. */
  public static final String PROPERTY = "nabla4j.backend";

  /** The environment variable that names a backend where the system property does not. */
  public static final String VARIABLE = "NABLA4J_BACKEND";

  private static final Map<String, Backend> SHARED = new HashMap<>();

  private Backends() {}

  /**
   * One backend as listed.
   *
   * @param name the name to ask for
   * @param priority its rank
   * @param availability whether it can run here
   */
  public record Entry(String name, int priority, Availability availability) {

    /**
     * Checks that nothing is null.
     *
     * @param name the name to ask for
     * @param priority its rank
     * @param availability whether it can run here
     */
    public Entry {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(availability, "availability");
    }
  }

  /**
   * Every backend on the class path, the preferred one first.
   *
   * @return the backends, usable or not
   */
  public static List<Entry> list() {
    return providers().stream()
        .map(p -> new Entry(p.name(), p.priority(), p.availability()))
        .toList();
  }

  /**
   * Opens the backend that the settings name, or else the best one.
   *
   * @return an open backend, to be closed by the caller
   * @throws BackendException if the one named cannot run, or none can
   */
  public static Backend open() {
    return choose(configuredName()).open();
  }

  /**
   * Opens a backend by name.
   *
   * @param name its name, such as {@code cpu}
   * @return an open backend, to be closed by the caller
   * @throws BackendException if there is none of that name or it cannot run
   */
  public static Backend open(String name) {
    return choose(name).open();
  }

  /**
   * The backend that the settings name, or else the best one, opened once and kept for the life of
   * the virtual machine.
   *
   * @return an open backend, not to be closed by the caller
   * @throws BackendException if the one named cannot run, or none can
   */
  public static Backend shared() {
    return shared(choose(configuredName()));
  }

  /**
   * The backend of a name, opened once and kept for the life of the virtual machine.
   *
   * @param name its name, such as {@code cpu}
   * @return an open backend, not to be closed by the caller
   * @throws BackendException if there is none of that name or it cannot run
   */
  public static Backend shared(String name) {
    return shared(choose(name));
  }

  private static Backend shared(BackendProvider provider) {
    synchronized (SHARED) {
      return SHARED.computeIfAbsent(provider.name(), name -> provider.open());
    }
  }

  /** The name out of property or environment; empty for no wish. */
  private static String configuredName() {
    String name = System.getProperty(PROPERTY);
    if (name == null || name.isBlank()) {
      name = System.getenv(VARIABLE);
    }
    return name == null ? "" : name.strip();
  }

  private static BackendProvider choose(String name) {
    Objects.requireNonNull(name, "name");
    return choose(providers(), name);
  }

  /** Chooses among providers that are sorted by preference; package-private for its test. */
  static BackendProvider choose(List<BackendProvider> providers, String name) {
    if (providers.isEmpty()) {
      throw new BackendException(
          "no backend on the class path; add org.nabla4j:nabla4j-backend-cpu to the dependencies");
    }
    if (name.isEmpty()) {
      List<String> refusals = new ArrayList<>();
      for (BackendProvider provider : providers) {
        Availability availability = provider.availability();
        if (availability.usable()) {
          return provider;
        }
        refusals.add(refusal(provider.name(), availability));
      }
      throw new BackendException("no backend can run here: " + String.join("; ", refusals));
    }
    String wanted = name.toLowerCase(Locale.ROOT);
    for (BackendProvider provider : providers) {
      if (provider.name().equals(wanted)) {
        Availability availability = provider.availability();
        if (!availability.usable()) {
          throw new BackendException("backend " + refusal(wanted, availability));
        }
        return provider;
      }
    }
    throw new BackendException(
        "backend "
            + name
            + " is not on the class path, expected one of "
            + providers.stream().map(BackendProvider::name).collect(Collectors.joining(", ")));
  }

  private static String refusal(String name, Availability availability) {
    return name
        + " cannot run: "
        + availability.reason()
        + (availability.remedy().isEmpty() ? "" : ". " + availability.remedy());
  }

  private static List<BackendProvider> providers() {
    List<BackendProvider> found = new ArrayList<>();
    try {
      ServiceLoader.load(BackendProvider.class, Backends.class.getClassLoader())
          .forEach(found::add);
    } catch (ServiceConfigurationError e) {
      BackendException wrapped =
          new BackendException("a backend on the class path is broken: " + e.getMessage());
      wrapped.initCause(e);
      throw wrapped;
    }
    found.sort(
        Comparator.comparingInt(BackendProvider::priority)
            .reversed()
            .thenComparing(BackendProvider::name));
    return found;
  }
}
