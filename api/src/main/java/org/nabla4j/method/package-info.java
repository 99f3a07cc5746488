/** Methods and their options: how a least-squares problem is solved, and when to stop. */
package org.nabla4j.method;
