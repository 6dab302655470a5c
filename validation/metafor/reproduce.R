# Recomputes the reference values of metafor and prints how far each is from the pinned one (relative difference).
# Not run where it was written: see validation/README.md. metafor 3.8-1, R 4.2.2; jsonlite to read the pinned values.
# From the root of the repository: Rscript validation/metafor/reproduce.R

library(metafor)
library(jsonlite)

reference <- file.path("tests", "golden", "reference")

report <- function(what, found, pinned) {
  found <- as.numeric(found)
  pinned <- as.numeric(pinned)
  worst <- max(abs(found - pinned) / pmax(abs(pinned), 1e-8), na.rm = TRUE)
  cat(sprintf("%-60s %.2e\n", what, worst))
}

one_model <- function(what, fit, pinned) {
  found <- c(fit$beta, fit$se, fit$ci.lb, fit$ci.ub, fit$zval, fit$pval, fit$tau2, fit$QE, fit$QEp, fit$I2, fit$H2)
  names <- c("estimate", "se", "lower", "upper", "stat", "p", "tau2", "Q", "Qp", "I2", "H2")
  report(what, found, unlist(pinned[names]))
}

pairwise <- function(name) {
  input <- read.csv(file.path(reference, "pairwise", name, "input.csv"))
  pinned <- fromJSON(file.path(reference, "pairwise", name, "metafor.json"))
  effects <- if (pinned$measure == "RR") {
    escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = input)
  } else {
    escalc(measure = "IRR", x1i = x1i, x2i = x2i, t1i = t1i, t2i = t2i, data = input)
  }
  report(paste(name, "effect sizes"), effects$yi, input$yi)
  report(paste(name, "variances"), effects$vi, input$vi)
  one_model(paste(name, "common"), rma(yi, vi, data = effects, method = "FE"), pinned$common)
  for (method in c("DL", "PM", "ML", "REML")) {
    for (test in c("z", "knha", "adhoc")) {
      key <- paste(method, test, sep = "_")
      one_model(paste(name, key), rma(yi, vi, data = effects, method = method, test = test), pinned[[key]])
    }
  }
  reml <- rma(yi, vi, data = effects, method = "REML")
  report(paste(name, "Q-profile"), confint(reml)$random, pinned$q_profile_ci_REML$values)
  left_out <- leave1out(rma(yi, vi, data = effects, method = "DL"))
  report(paste(name, "leave one out"), left_out$estimate, pinned$leave1out_DL$estimate)
  if (!is.null(pinned$meta_regression_REML)) {
    line <- rma(yi, vi, mods = ~ ablat, data = effects, method = "REML")
    was <- pinned$meta_regression_REML
    report(paste(name, "on latitude"), c(line$beta, line$se, line$tau2), c(was$b, was$se, was$tau2))
  }
}

# The exact covariance V is pinned with the contrasts; a trial of several arms shares its base.
network <- function(name) {
  pinned <- fromJSON(file.path(reference, "network", name, "metafor-rma-mv.json"))
  contrasts <- pinned$contrasts
  treatments <- pinned$common$estimates$treatment
  design <- sapply(treatments, function(t) (contrasts$treat == t) - (contrasts$base == t))
  common <- rma.mv(yi, pinned$V, mods = design, intercept = FALSE, data = contrasts)
  report(paste(name, "common"), c(common$beta, common$se, common$QE),
         c(pinned$common$estimates$TE, pinned$common$estimates$seTE, pinned$common$QE))
  for (method in c("REML", "ML")) {
    fit <- rma.mv(yi, pinned$V, mods = design, intercept = FALSE, data = contrasts,
                  random = ~ treat | study, rho = 0.5, method = method)
    was <- pinned[[method]]
    report(paste(name, method), c(fit$beta, fit$se, fit$tau2), c(was$estimates$TE, was$estimates$seTE, was$tau2))
  }
}

for (name in c("bcg", "nielweise2008")) pairwise(name)
for (name in c("senn2013", "hasselblad1998", "franchini2012", "synth-rates")) network(name)
