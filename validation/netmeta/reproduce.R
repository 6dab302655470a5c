# Recomputes the reference values of netmeta and prints how far each is from the pinned one (relative difference).
# Not run where it was written: see validation/README.md. netmeta 3.3-1, meta 8.2-1, R 4.2.2; jsonlite to read.
# From the root of the repository: Rscript validation/netmeta/reproduce.R

library(netmeta)
library(jsonlite)

reference <- file.path("tests", "golden", "reference", "network")

report <- function(what, found, pinned) {
  found <- as.numeric(found)
  pinned <- as.numeric(pinned)
  worst <- max(abs(found - pinned) / pmax(abs(pinned), 1e-8), na.rm = TRUE)
  cat(sprintf("%-60s %.2e\n", what, worst))
}

table_of <- function(name, file) read.csv(file.path(reference, name, file), check.names = FALSE)

contrasts_from_arms <- function(arms, sm) {
  switch(sm,
    OR = pairwise(treat = treatment, event = events, n = n, studlab = study, data = arms, sm = sm),
    IRR = pairwise(treat = treatment, event = events, time = time, studlab = study, data = arms, sm = sm),
    MD = pairwise(treat = treatment, n = n, mean = mean, sd = sd, studlab = study, data = arms, sm = sm)
  )
}

# A part of a netmeta object for one of the two models: TE and common give TE.common.
part <- function(object, field, model) object[[paste(field, model, sep = ".")]]

# Arm sizes are not handed over: with them netmeta 3.3-1 estimates tau2 by REML and ML from other variances.
network_fit <- function(contrasts, pinned, method) {
  netmeta(TE, seTE, treat1, treat2, studlab, data = contrasts, sm = pinned$sm, reference.group = pinned$reference,
          common = TRUE, random = TRUE, prediction = TRUE, method.tau = method)
}

compare_fit <- function(name, net, method, pinned) {
  was <- pinned[[method]]
  report(paste(name, method, "tau2, Q, I2"), c(net$tau^2, net$Q, net$I2), c(was$tau2, was$Q, was$I2))
  estimates <- table_of(name, "estimates.csv")
  ranking <- table_of(name, "ranking.csv")
  ranks <- netrank(net, small.values = pinned$small_values, method = "P-score")
  for (model in c("common", "random")) {
    rows <- estimates[estimates$method_tau == method & estimates$model == model, ]
    cells <- cbind(rows$treat1, rows$treat2)
    for (field in c("TE", "seTE", "lower", "upper", "pval")) {
      report(paste(name, method, model, field), part(net, field, model)[cells], rows[[field]])
    }
    rows <- ranking[ranking$method_tau == method & ranking$model == model, ]
    report(paste(name, method, model, "P-scores"), part(ranks, "ranking", model)[rows$treatment], rows$p_score)
  }
}

compare_splits <- function(name, net, method) {
  pinned <- table_of(name, "netsplit.csv")
  for (split in c("Back-calculation", "SIDDE")) {
    found <- netsplit(net, method = split)
    for (model in c("common", "random")) {
      rows <- pinned[pinned$method_tau == method & pinned$model == model & pinned$split == split, ]
      at <- match(rows$comparison, found$comparison)
      label <- paste(name, method, model, split)
      report(paste(label, "direct"), part(found, "direct", model)$TE[at], rows$direct_TE)
      report(paste(label, "indirect"), part(found, "indirect", model)$TE[at], rows$indirect_TE)
      report(paste(label, "p"), part(found, "compare", model)$p[at], rows$p)
    }
  }
}

compare_designs <- function(name, net, pinned) {
  was <- pinned$DL
  report(paste(name, "Q within and between designs"), decomp.design(net)$Q.decomp$Q, was$decomp_design$Q_decomp$Q)
  for (method in c("shortestpath", "randomwalk")) {
    for (model in c("common", "random")) {
      share <- was[[paste0("contribution_", method)]][[model]]
      if (is.null(share)) next
      found <- netcontrib(net, method = method)[[model]][share$rows, share$cols]
      report(paste(name, "contribution", method, model), found, share$values)
    }
  }
  set.seed(1)
  ranks <- rankogram(net, nsim = 20000)
  for (model in c("common", "random")) {
    pinned_ranks <- was[[paste0("rankogram_", model)]]
    found <- part(ranks, "ranking.matrix", model)[pinned_ranks$rows, ]
    report(paste(name, "rank probabilities", model), found, pinned_ranks$values)
  }
}

for (name in c("senn2013", "hasselblad1998", "franchini2012", "synth-rates")) {
  pinned <- fromJSON(file.path(reference, name, "netmeta.json"))
  contrasts <- table_of(name, "input-contrasts.csv")
  again <- contrasts_from_arms(table_of(name, "input-arms.csv"), pinned$sm)
  report(paste(name, "contrasts from arms"), sort(again$seTE), sort(contrasts$seTE))
  for (method in c("DL", "REML", "ML")) {
    net <- network_fit(contrasts, pinned, method)
    compare_fit(name, net, method, pinned)
    compare_splits(name, net, method)
    if (method == "DL") compare_designs(name, net, pinned)
  }
  if (!is.null(pinned$MH)) {
    mh <- netmetabin(event1, n1, event2, n2, treat1, treat2, studlab, data = contrasts, sm = "OR", method = "MH")
    rows <- subset(table_of(name, "estimates.csv"), method_tau == "MH")
    report(paste(name, "Mantel-Haenszel"), mh$TE.common[cbind(rows$treat1, rows$treat2)], rows$TE)
  }
}
