# Samples again what gemtc.json holds and prints how far the means are, in Monte Carlo standard errors of both runs.
# Not run where it was written: see validation/README.md. gemtc 1.0-2 with JAGS 4.3.1, R 4.2.2; jsonlite to read.
# From the root of the repository: Rscript validation/samplers/gemtc.R

library(gemtc)
library(jsonlite)

reference <- file.path("tests", "golden", "reference", "network")

# The columns that gemtc knows by name.
arms_of <- function(name, likelihood) {
  arms <- read.csv(file.path(reference, name, "input-arms.csv"))
  with(arms, switch(likelihood,
    binom = data.frame(study, treatment, responders = events, sampleSize = n),
    poisson = data.frame(study, treatment, responders = events, exposure = time),
    normal = data.frame(study, treatment, mean, std.dev = sd, sampleSize = n)
  ))
}

for (name in c("senn2013", "hasselblad1998", "franchini2012", "synth-rates")) {
  pinned <- fromJSON(file.path(reference, name, "gemtc.json"))
  network <- mtc.network(data.ab = arms_of(name, pinned$likelihood))
  for (kind in c("random", "fixed")) {
    was <- pinned[[kind]]
    if (is.null(was)) next
    model <- mtc.model(network, type = "consistency", likelihood = pinned$likelihood, link = pinned$link,
                       linearModel = kind, n.chain = pinned$n_chains, om.scale = was$om_scale,
                       re.prior.sd = was$re_prior_sd, hy.prior = mtc.hy.prior("std.dev", "dunif", 0, "om.scale"))
    run <- mtc.run(model, n.adapt = pinned$n_adapt, n.iter = pinned$n_iter)
    found <- summary(relative.effect(run, t1 = pinned$reference, preserve.extra = TRUE))$summaries$statistics
    rows <- found[was$posterior$parameter, ]
    error <- sqrt(rows[, "Time-series SE"]^2 + was$posterior[["Time-series SE"]]^2)
    cat(sprintf("%-40s %.1f Monte Carlo standard errors at worst\n", paste(name, kind),
                max(abs(rows[, "Mean"] - was$posterior$Mean) / error)))
  }
}
