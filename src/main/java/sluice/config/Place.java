package sluice.config;

/// Where something stands: the file, its line and column counted from 1, and the path of keys that leads to it, such
/// as {@code providers.targets[2].base_url}. Line 0 means that there are no lines: the environment, or a file that cannot be read.
public record Place(String file, int line, int column, String path) {
    public Place {
        if (line < 0 || column < 0) {
            throw new IllegalArgumentException(
                    "lines and columns count from 1: " + line + ":" + column);
        }
    }

    static Place startOf(String file) {
        return new Place(file, 1, 1, "");
    }

    static Place ofFile(String file) {
        return new Place(file, 0, 0, "");
    }

    static Place ofVariable(String name) {
        return new Place("environment", 0, 0, name);
    }

    Place key(String name) {
        var shown = Discretion.looksSecret(name) ? "(not shown)" : Discretion.printable(name);
        return new Place(file, line, column, path.isEmpty() ? shown : path + "." + shown);
    }

    Place item(int index) {
        return new Place(file, line, column, path + "[" + index + "]");
    }

    Place at(int line, int column) {
        return new Place(file, line, column, path);
    }

    /// {@code file:line:column: path}, as compilers print it, so that editors can jump there.
    @Override
    public String toString() {
        var position = line == 0 ? file : file + ":" + line + ":" + column;
        return path.isEmpty() ? position : position + ": " + path;
    }
}
