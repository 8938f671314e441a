#include "framework/train/fit.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cmath>

#include "framework/io/error.hpp"
#include "framework/tensor/generator.hpp"
#include "framework/train/checkpoint.hpp"
#include "framework/train/step.hpp"

namespace gridstride::train {
namespace {

class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
};

template <class Report>
void tell(const std::function<void(const Report&)>& callback, const Report& report) {
  if (callback) callback(report);
}

std::filesystem::path prepare_folder(const FitOptions& options) {
  if (options.out.empty()) return {};
  std::error_code error;
  std::filesystem::create_directories(options.out, error);
  if (error) io::throw_file_error(options.out, "create the folder", error.value());
  return options.out / kCheckpointFile;
}

/// One call of fit: the run's state and the loop over its steps.
class Run {
 public:
  Run(const FitOptions& options, const data::Dataset& train, const data::Dataset& test,
      const Callbacks& callbacks)
      : options_(options),
        test_(test),
        callbacks_(callbacks),
        file_(prepare_folder(options)),
        identity_(identify(train, options.normalization)),
        model_(make_model(options.recipe.model)),
        optimizer_(make_optimizer(options.recipe, model_->named_parameters())),
        state_{options.recipe, identity_, *model_, *optimizer_, {}},
        loader_(train, {.batch = options.recipe.batch,
                        .seed = static_cast<uint64_t>(options.recipe.seed),
                        .prefetch = options.prefetch,
                        .normalization = options.normalization}) {
    state_.progress.total_steps = options.recipe.epochs * loader_.batches_per_epoch();
    if (options.resume) resume();
    schedule_ = make_schedule(options.recipe, state_.progress.total_steps);
    first_step_ = state_.progress.step;
  }

  FitResult go(const std::atomic<bool>& stop) {
    Progress& progress = state_.progress;
    tell(callbacks_.on_start, {.parameters = model_->parameter_count(),
                               .first_step = first_step_,
                               .total_steps = progress.total_steps,
                               .steps_per_epoch = loader_.batches_per_epoch()});
    while (progress.step < progress.total_steps && !stop) {
      step();
      if (progress.position.batch == 0) {
        end_epoch(stop);
      } else if (options_.checkpoint_every > 0 && progress.step % options_.checkpoint_every == 0) {
        save();
      }
    }
    return finish();
  }

 private:
  void resume() {
    if (options_.out.empty()) throw UserError("--resume wants --out, the folder of the run to go on with");
    resume_checkpoint(file_, state_);
    const Progress& p = state_.progress;
    if (p.step != p.position.epoch * loader_.batches_per_epoch() + p.position.batch) {
      throw UserError(fmt::format("{}: step {} is not epoch {}, batch {}", file_.string(), p.step,
                                  p.position.epoch, p.position.batch));
    }
    loader_.seek(p.position);
  }

  void step() {
    Progress& progress = state_.progress;
    const double lr = schedule_(progress.step);
    data::Batch batch = loader_.next();
    const StepResult result = train_step(*model_, *optimizer_, batch, lr);
    if (!std::isfinite(result.loss)) {
      throw UserError(fmt::format("step {}: the loss is {}; use a smaller --lr than {}", progress.step + 1,
                                  result.loss, options_.recipe.lr));
    }
    const int64_t epoch = progress.position.epoch + 1;
    loader_.recycle(std::move(batch));
    ++progress.step;
    progress.position = loader_.position();
    progress.epoch_loss += result.loss * static_cast<double>(result.count);
    progress.epoch_correct += result.correct;
    progress.epoch_seen += result.count;
    images_ += result.count;
    saved_ = false;
    const double training = watch_.seconds() - aside_;
    tell(callbacks_.on_step, {.step = progress.step,
                              .total_steps = progress.total_steps,
                              .epoch = epoch,
                              .loss = result.loss,
                              .lr = lr,
                              .correct = result.correct,
                              .count = result.count,
                              .seconds = watch_.seconds(),
                              .images_per_second = static_cast<double>(images_) / training});
  }

  // Saved before it is evaluated: who kills the run while it looks at the test set loses nothing.
  void end_epoch(const std::atomic<bool>& stop) {
    Progress& progress = state_.progress;
    const double seen = static_cast<double>(progress.epoch_seen);
    EpochReport report{.epoch = progress.position.epoch,
                       .train_loss = progress.epoch_loss / seen,
                       .train_accuracy = static_cast<double>(progress.epoch_correct) / seen};
    progress.epoch_loss = 0;
    progress.epoch_correct = progress.epoch_seen = 0;
    save();
    if (stop) return;
    const double before = watch_.seconds();
    report.test = evaluate(*model_, test_, options_.normalization);
    report.seconds = watch_.seconds();
    aside_ += report.seconds - before;
    tell(callbacks_.on_epoch, report);
    result_.epochs.push_back(std::move(report));
  }

  void save() {
    if (file_.empty() || saved_) return;
    save_checkpoint(file_, state_);
    saved_ = true;
    tell(callbacks_.on_checkpoint, file_);
  }

  FitResult finish() {
    const Progress& progress = state_.progress;
    result_.interrupted = progress.step < progress.total_steps;
    save();
    result_.training_seconds = watch_.seconds() - aside_;
    if (!result_.interrupted) {
      // The last epoch's report has it, unless this call found the run complete or was stopped just there.
      const bool known = !result_.epochs.empty() && result_.epochs.back().epoch == options_.recipe.epochs;
      result_.test = known ? result_.epochs.back().test : evaluate(*model_, test_, options_.normalization);
    }
    result_.step = progress.step;
    result_.total_steps = progress.total_steps;
    result_.seconds = watch_.seconds();
    result_.checkpoint = file_;
    return std::move(result_);
  }

  const FitOptions& options_;
  const data::Dataset& test_;
  const Callbacks& callbacks_;
  std::filesystem::path file_;
  DataIdentity identity_;
  std::unique_ptr<nn::Module> model_;
  std::unique_ptr<optim::Optimizer> optimizer_;
  RunState state_;
  data::Loader loader_;
  optim::Schedule schedule_;

  Stopwatch watch_;
  double aside_ = 0;  // seconds of evaluation
  int64_t first_step_ = 0, images_ = 0;
  bool saved_ = false;
  FitResult result_;
};

}  // namespace

FitResult fit(const FitOptions& options, const data::Dataset& train, const data::Dataset& test,
              const Callbacks& callbacks, const std::atomic<bool>& stop) {
  check(options.recipe);
  if (train.count == 0) throw UserError("the training set is empty; give it at least one image");
  manual_seed(options.recipe.seed);
  return Run(options, train, test, callbacks).go(stop);
}

}  // namespace gridstride::train
