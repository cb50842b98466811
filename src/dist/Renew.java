import static java.lang.classfile.ClassFile.JAVA_8_VERSION;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// Renew JAR: brings the classes of a library that was compiled for Java 5 to the form of Java 8, with the stack maps that
/// classes have since. What they do stays the same, but the AOT cache takes only the newer form, and without it the JVM
/// loads and verifies each of them at every start.
final class Renew {
    private static final int FIRST_WITH_STACK_MAPS = 50;

    public static void main(String[] arguments) throws IOException {
        var jar = Path.of(arguments[0]);
        var renewed = jar.resolveSibling(jar.getFileName() + ".new");
        try (var loader = new URLClassLoader(new URL[] {jar.toUri().toURL()});
                var from = new ZipFile(jar.toFile());
                var to = new ZipOutputStream(Files.newOutputStream(renewed))) {
            var classes =
                    ClassFile.of(
                            ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                            ClassFile.ClassHierarchyResolverOption.of(
                                    ClassHierarchyResolver.ofResourceParsing(loader).cached()));
            for (var entry : from.stream().toList()) {
                var bytes = from.getInputStream(entry).readAllBytes();
                var written = new ZipEntry(entry.getName());
                written.setLastModifiedTime(entry.getLastModifiedTime());
                to.putNextEntry(written);
                to.write(entry.getName().endsWith(".class") ? renewed(bytes, classes) : bytes);
            }
        }
        Files.move(renewed, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    private static byte[] renewed(byte[] bytes, ClassFile classes) {
        var old = classes.parse(bytes);
        if (old.majorVersion() >= FIRST_WITH_STACK_MAPS) {
            return bytes;
        }
        ClassTransform version =
                (builder, element) -> {
                    if (element instanceof ClassFileVersion) {
                        builder.withVersion(JAVA_8_VERSION, 0);
                    } else {
                        builder.with(element);
                    }
                };
        return classes.transformClass(
                old,
                version.andThen(ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)));
    }
}
