/// Translations between dialects: golden cases, the grammars that every stream must keep, and streams drawn by chance.
@NullMarked
package sluice.translate;

import org.jspecify.annotations.NullMarked;
