/** Where problems are solved: the service that backends provide, and the choice among them. */
package org.nabla4j.backend;
