package dev.sluice.mutation;

/// A text in the shipped code that contains SQL: a resource, or a string constant of a class.
///
/// @param file the name of the resource or of the class file, like `macros.sql`
/// @param method the method with the constant; empty for a resource
/// @param constant the number of the constant in the class file; 0 for a resource
record SqlText(String file, String method, int constant, String sql) {
  /// Where a change at `index` is: the method, or the last name that is created before it.
  String place(int index) {
    String name = file.replace(".class", "");
    if (!method.isEmpty()) {
      return name + "." + method;
    }
    int created = sql.lastIndexOf("\nCREATE ", index);
    String statement = sql.substring(created + 1, sql.indexOf('(', created + 1));
    return name
        + " "
        + statement.replaceFirst("CREATE \\w+ ", "").replaceFirst("(?s) AS .*", "").strip();
  }
}
