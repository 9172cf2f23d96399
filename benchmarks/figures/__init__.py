"""The page of measured figures, made from the result files of the benchmarks."""
