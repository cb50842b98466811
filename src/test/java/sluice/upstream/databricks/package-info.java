/// A workspace's parts, each by itself and over real sockets.
@NullMarked
package sluice.upstream.databricks;

import org.jspecify.annotations.NullMarked;
