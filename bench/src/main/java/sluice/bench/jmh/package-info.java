/// What is measured inside the process, with JMH: the byte scanner. Start at {@code ScannerBenchmark}.
package sluice.bench.jmh;
