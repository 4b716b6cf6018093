#!/bin/bash
# Trains on a Slurm cluster: sbatch examples/cluster/slurm.sh, from the folder with node_modules.
#SBATCH --job-name=lanegrad
#SBATCH --ntasks=8
#SBATCH --cpus-per-task=1
#SBATCH --mem-per-cpu=1G
#SBATCH --time=01:00:00
#SBATCH --output=lanegrad-%j.log

# Open MPI: pmix. MPICH: pmi2. A rank that dies ends all.
srun --mpi="${LANEGRAD_PMI:-pmix}" --kill-on-bad-exit=1 node examples/cluster/train.mjs --epochs 4
