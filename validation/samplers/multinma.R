# Samples again what multinma.json holds and prints how far the means are, in Monte Carlo standard errors of both runs.
# Not run where it was written: see validation/README.md. multinma 0.5.1 with rstan 2.21.7, R 4.2.2; jsonlite to read.
# From the root of the repository: Rscript validation/samplers/multinma.R

library(multinma)
library(jsonlite)

reference <- file.path("tests", "golden", "reference", "network")

network_of <- function(name, base) {
  arms <- read.csv(file.path(reference, name, "input-arms.csv"))
  if (name == "franchini2012") {
    arms$se <- arms$sd / sqrt(arms$n)
    return(set_agd_arm(arms, study = study, trt = treatment, y = mean, se = se, trt_ref = base))
  }
  if (name == "synth-rates") {
    return(set_agd_arm(arms, study = study, trt = treatment, r = events, E = time, trt_ref = base))
  }
  set_agd_arm(arms, study = study, trt = treatment, r = events, n = n, trt_ref = base)
}

for (name in c("hasselblad1998", "franchini2012", "synth-rates")) {
  was <- fromJSON(file.path(reference, name, "multinma.json"))
  base <- fromJSON(file.path(reference, name, "gemtc.json"))$reference
  scale <- as.numeric(sub(".*half-normal\\((.*)\\).*", "\\1", was$prior))
  # N(0, 100) is a variance: a standard deviation of ten. Chains of 2,000; whether that counts the warm-up of the
  # pinned run was not recorded.
  fit <- nma(network_of(name, base), trt_effects = "random", prior_intercept = normal(scale = 10),
             prior_trt = normal(scale = 10), prior_het = half_normal(scale = scale), chains = 4, iter = 2000)
  found <- as.data.frame(summary(fit, pars = c("d", "tau")))
  rows <- found[match(was$posterior$parameter, found$parameter), ]
  error <- sqrt(rows$sd^2 / rows$Bulk_ESS + was$posterior$sd^2 / was$posterior$Bulk_ESS)
  worst <- max(abs(rows$mean - was$posterior$mean) / error)
  cat(sprintf("%-40s %.1f Monte Carlo standard errors at worst\n", name, worst))
}
