/** What a solve returns: per problem a status, parameters, uncertainties and statistics. */
package org.nabla4j.result;
