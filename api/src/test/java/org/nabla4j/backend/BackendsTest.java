package org.nabla4j.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nabla4j.testing.MissingDeviceProvider;

/** The choice of a backend, with one that can run and a preferred one that cannot. */
class BackendsTest {

  @AfterEach
  void forget() {
    System.clearProperty(Backends.PROPERTY);
  }

  @Test
  void listsBothWithReasons() {
    List<Backends.Entry> entries = Backends.list();
    assertEquals(
        List.of("abacus", "reference"), entries.stream().map(Backends.Entry::name).toList());
    assertFalse(entries.get(0).availability().usable());
    assertEquals("no beads found", entries.get(0).availability().reason());
  }

  @Test
  void withoutWishTheBestThatRunsIsTaken() {
    try (Backend backend = Backends.open()) {
      assertEquals("reference", backend.name());
    }
  }

  @Test
  void namesAreCaseInsensitive() {
    try (Backend backend = Backends.open("Reference")) {
      assertEquals("reference", backend.name());
    }
  }

  @Test
  void oneAskedForByNameIsNeverReplaced() {
    BackendException e = assertThrows(BackendException.class, () -> Backends.open("abacus"));
    assertEquals("backend abacus cannot run: no beads found. Buy some beads", e.getMessage());
  }

  @Test
  void propertyNamesTheBackend() {
    System.setProperty(Backends.PROPERTY, "abacus");
    assertThrows(BackendException.class, Backends::open);
    System.setProperty(Backends.PROPERTY, " reference ");
    try (Backend backend = Backends.open()) {
      assertEquals("reference", backend.name());
    }
  }

  @Test
  void unknownNamesListTheKnown() {
    BackendException e = assertThrows(BackendException.class, () -> Backends.open("gpu"));
    assertEquals(
        "backend gpu is not on the class path, expected one of abacus, reference", e.getMessage());
  }

  @Test
  void sharedOnesAreOpenedOnce() {
    assertSame(Backends.shared(), Backends.shared("reference"));
    try (Backend own = Backends.open()) {
      assertNotSame(Backends.shared(), own);
    }
  }

  @Test
  void withoutAnyTheRemedyIsNamed() {
    BackendException none =
        assertThrows(BackendException.class, () -> Backends.choose(List.of(), ""));
    assertEquals(
        "no backend on the class path; add org.nabla4j:nabla4j-backend-cpu to the dependencies",
        none.getMessage());
    BackendException unusable =
        assertThrows(
            BackendException.class,
            () -> Backends.choose(List.of(new MissingDeviceProvider()), ""));
    assertEquals(
        "no backend can run here: abacus cannot run: no beads found. Buy some beads",
        unusable.getMessage());
  }
}
