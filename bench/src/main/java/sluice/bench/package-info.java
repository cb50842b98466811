/// Measures the product from outside, as a process beside nginx. Uses nothing but the JDK, so that
/// it runs from source: `bench/run`.
///
/// Arrives: a built distribution and the machine's own nginx and wrk. Leaves: one table, one JSON
/// document. Start at `Bench`. A `Subject` is anything that can stand between load and upstream; a
/// `Part` measures all subjects in turn; `Report` judges. `jmh` beside it looks inside and is run
/// by Maven; this package knows no class of the product.
package sluice.bench;
