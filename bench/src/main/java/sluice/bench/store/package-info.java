/// Measures the store by itself, in a file: its start, what was spent in a month, and a million keys. Start at
/// {@code StoreBench}, which `bench/store` compiles and runs with the libraries of the built distribution.
package sluice.bench.store;
