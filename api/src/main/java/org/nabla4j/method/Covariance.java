package org.nabla4j.method;

/** How much of the covariance matrix of the parameters a fit computes and keeps. */
public enum Covariance {
  /** Nothing. */
  NONE,
  /** The square roots of its diagonal: p values per problem. */
  STANDARD_ERRORS,
  /** All of it: p(p+1)/2 values per problem. */
  FULL
}
