package org.nabla4j.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON as maps, lists, strings, doubles and booleans: enough to read JMH's results. */
final class Json {

  private Json() {}

  /**
   * Reads a file that holds an array of objects.
   *
   * @param file the file
   * @return the objects
   * @throws IOException if it cannot be read or holds anything else
   */
  static List<Map<String, Object>> readObjects(Path file) throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(file.toFile())) {
      parser.nextToken();
      if (!(value(parser) instanceof List<?> list)) {
        throw new IOException(file + " holds no array");
      }
      List<Map<String, Object>> objects = new ArrayList<>();
      for (Object element : list) {
        objects.add(object(element));
      }
      return objects;
    }
  }

  /** A value that must be an object; an empty one if it is not there. */
  static Map<String, Object> object(Object value) {
    Map<String, Object> result = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((name, member) -> result.put(String.valueOf(name), member));
    }
    return result;
  }

  private static Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          map.put(name, value(parser));
        }
        yield map;
      }
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(parser));
        }
        yield list;
      }
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
      // JMH writes NaN as a string
      case VALUE_STRING -> parser.getText();
      default -> "";
    };
  }
}
