/** The command line: {@code nabla4j fit}, {@code devices} and {@code demo}. */
package org.nabla4j.cli;
