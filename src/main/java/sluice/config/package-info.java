/// Turns the operator's files and environment into records, or into a list of everything that is wrong with them.
///
/// Arrives: policy files, an {@link sluice.config.Environment}. Leaves: a {@link sluice.config.Loaded}, which holds a
/// {@link sluice.config.Configuration} or every fault with its line and column; and, from {@link
/// sluice.config.ConfigurationWatch}, another one each time a file that was read changes.
///
/// Start at {@link sluice.config.ConfigurationFiles}, the four steps of a reading: bytes become {@code Yaml} with
/// places ({@code YamlFile}), files are laid over each other ({@code Layers}), a {@code Section} reads each mapping by
/// its table of {@code Key}s, and the tables become records. The tables are {@code PolicyFile} and the files it names
/// ({@code TargetSection} and its {@code AuthSection}, {@code VirtualKeySection}, {@code ServerSection}, {@code
/// LedgerSection}), and {@code ModelBookFile}, by which the built-in book is read too; they are the one place where a
/// key, its limits, its default and its meaning are written, and the editor's schema is printed from them ({@link
/// sluice.config.PolicySchema}).
///
/// Nothing else of the product reads policy files, the secrets they name, or variables but those of the command line.
/// Knows only {@code call}; opens no socket.
@NullMarked
package sluice.config;

import org.jspecify.annotations.NullMarked;
