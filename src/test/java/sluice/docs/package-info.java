/// The documentation as a test: its pages are walked from top to bottom as a newcomer would, commands are run, files
/// are saved where the text says, answers are compared with those that are shown.
///
/// Start at {@link sluice.docs.DocumentationTest}: its rules say what is done with which block. {@code Session} is the
/// newcomer with a shell, {@code Checkout} the folder in which it stands, {@code Page} a page and its {@code Block}s.
@NullMarked
package sluice.docs;

import org.jspecify.annotations.NullMarked;
