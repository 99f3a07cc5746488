package org.nabla4j.data;

/**
 * Says how far reading has come. A {@link RowReader} may implement it; those of {@link Tables} do.
 * Any thread may ask at any time.
 */
public interface ReadProgress {

  /**
   * What was read so far; a reader that reads ahead is up to a few blocks beyond those that it has
   * returned.
   *
   * @return bytes of a file (of its packed form, where it is packed), otherwise rows
   */
  long done();

  /**
   * What there is to read.
   *
   * @return the same for the whole source, or -1 where it is not known
   */
  long total();
}
