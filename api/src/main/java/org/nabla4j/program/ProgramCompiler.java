package org.nabla4j.program;

import java.util.List;
import java.util.Objects;
import org.nabla4j.expression.Expression;

/**
 * Compiles expressions into one {@link Program}.
 *
 * <p>The passes, in this order:
 *
 * <ol>
 *   <li>Normal form: n-ary products with a constant coefficient and integer powers, n-ary sums,
 *       like factors and terms collected, common factors taken out of sums, constants folded, every
 *       structure held once. Integer powers up to 16 become products, half-integer powers products
 *       with a square root; a division becomes a multiplication by a reciprocal.
 *   <li>{@code exp(c·u)} with a factor c that is a constant or the same for all points of a problem
 *       becomes {@code 2^((c·log₂e)·u)}; any other {@code exp} stays.
 *   <li>Each product and sum is split into what depends on parameters only, on shared columns only,
 *       and on both, so that the least is done for every point; minus signs go where they cost
 *       least.
 *   <li>Products are factored against each other, so that what they have in common is multiplied
 *       once.
 *   <li>Instructions are written, with fused multiply-add if wanted; {@code a·(1/b)} is {@code a/b}
 *       again where the reciprocal has no other use; dead code is left out; instructions are
 *       ordered by dependence.
 * </ol>
 *
 * <p>Sums and products are thus reassociated: results differ from {@link Expression#evaluate} by
 * rounding, and intermediate results may over- or underflow at other extreme magnitudes. Never
 * done: a product is not distributed over a sum, so differences such as {@code (x−m)/s} keep their
 * digits; {@code x/x}, {@code x−x} and {@code 0·x} are not cancelled, so that what is not finite
 * stays not finite (NaN may become an infinity and the other way round). The sign of a zero may
 * change. Powers with exponent k+½ are NaN at −∞, and have the sign of the square root at −0.
 *
 * <p>Time and memory grow about linearly with the size of the expressions; nothing recurses.
 */
public final class ProgramCompiler {
  private ProgramCompiler() {}

  /**
   * How to compile.
   *
   * @param fma whether to write {@code a·b+c} as FMA; false for machines without the instruction,
   *     where emulating it is a hundred times slower
   * @param stream whether a lane is a data point, as in the stream layout: all columns vary from
   *     lane to lane, and nothing is computed ahead for shared columns
   */
  public record Options(boolean fma, boolean stream) {

    /**
     * Fused multiply-add, batch layout.
     *
     * @return the defaults
     */
    public static Options defaults() {
      return new Options(true, false);
    }

    /**
     * With or without fused multiply-add.
     *
     * @param value whether to use FMA
     * @return changed options
     */
    public Options withFma(boolean value) {
      return new Options(value, stream);
    }

    /**
     * For the stream or the batch layout.
     *
     * @param value true for stream
     * @return changed options
     */
    public Options withStream(boolean value) {
      return new Options(fma, value);
    }
  }

  /**
   * Compiles expressions into one program, which computes common parts once.
   *
   * @param outputs what to compute
   * @param inputs what the symbols are
   * @param options how to compile
   * @return a program with one output for each expression, in the same order
   * @throws IllegalArgumentException if a symbol is not among the inputs
   */
  public static Program compile(List<Expression> outputs, ProgramInputs inputs, Options options) {
    Objects.requireNonNull(outputs, "outputs");
    Objects.requireNonNull(inputs, "inputs");
    Objects.requireNonNull(options, "options");
    NormalForm form = new NormalForm(options.stream());
    List<Node> nodes = new Normalizer(inputs, form).normalize(outputs);
    return new Emitter(form, options.fma()).emit(inputs, nodes, options.stream());
  }
}
