package org.nabla4j.objective;

import java.util.List;
import java.util.Optional;

/** A model of data: what the residuals of a least-squares problem are computed from. */
public sealed interface ResidualModel permits FormulaModel, CodedModel {

  /**
   * The names of the parameters θ, in order.
   *
   * @return p names, not modifiable
   */
  List<String> parameters();

  /**
   * The names of the data columns that the model reads, the response among them, in order.
   *
   * @return the names, not modifiable
   */
  List<String> columns();

  /**
   * The column that is the response, where it is one as it stands.
   *
   * @return its name, or empty where the response is a formula of columns or is not known
   */
  Optional<String> responseColumn();
}
